/** Losses as small expression graphs: named axes, reverse mode, contracts, and the reference interpreter. */
export {};
