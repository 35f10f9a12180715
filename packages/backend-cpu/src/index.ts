/** Runs isoloss programs on the CPU, synchronously. */
export {};
