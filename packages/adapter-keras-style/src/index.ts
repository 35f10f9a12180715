/** Losses in Keras's words, as each release of Keras and tf.keras computes them. */
export {};
