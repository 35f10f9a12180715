/** Trains a classifier of handwritten digits, once in each style. Not written yet. */
export {};

console.log("The digits example is not written yet.");
