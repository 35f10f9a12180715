/** The losses, one file each. */
export {};
