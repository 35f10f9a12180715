/** isoloss' losses in TensorFlow.js. */
export { type TensorFlow, type TfLoss, type TfTensor, toTfjs } from "./to-tfjs.ts";
