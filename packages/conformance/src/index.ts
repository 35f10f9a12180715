/** One function that tests any isoloss backend against the reference interpreter. */
export {};
