/** Losses in PyTorch's words, as each release of PyTorch computes them. */
export {};
