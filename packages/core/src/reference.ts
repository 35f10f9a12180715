/** The reference interpreter: the definition of what every program computes. */
export {};
