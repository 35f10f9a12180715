/** A program that trains: the cross-entropy of logits [0, C] against `label`, and its gradient. */
import { constant, grad, input, logSoftmax, mean, neg, pick, program } from "@isoloss/core";

const x = input("x", ["0", "C"], "float32");
const loss = mean(neg(pick(logSoftmax(x, "C"), "C", input("label", ["0"], "int32"))), "0");
export const trained = program([loss, ...grad(loss, [x], constant(1, "float32"))], ["0", "C"]);
