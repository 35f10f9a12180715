/** The isoloss command: ask for a loss and its gradients in the words of PyTorch or Keras. */
export {};
