/** Runs isoloss programs on ONNX Runtime, and writes them as .onnx files. */
export {};
