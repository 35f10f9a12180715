"""Checks of the oracle itself, with the standard library only: python test_oracle.py"""

import json
import struct
import unittest

from cases import INF, NAN, tensor
from codes import keras_code, torch_code
from compare import changed, same
from make_requests import lines
from protocol import numeral, shortest_bfloat16, tidy, to_bfloat16


def value(dtype, data, **more):
    return dict({"id": "x", "value": {"dtype": dtype, "shape": [len(data)], "data": data}, "grads": {}}, **more)


class Numbers(unittest.TestCase):
    def test_bfloat16_rounds_to_nearest_even(self):
        self.assertEqual(to_bfloat16(1 + 2.0**-8), 1.0)
        self.assertEqual(to_bfloat16(1 + 3 * 2.0**-8), 1 + 2.0**-6)
        self.assertEqual(to_bfloat16(1e39), INF)

    def test_bfloat16_prints_the_fewest_digits_that_read_back(self):
        for bits in range(0, 0x7F80, 37):
            x = struct.unpack("<f", struct.pack("<I", bits << 16))[0]
            self.assertEqual(to_bfloat16(shortest_bfloat16(x)), x)
        self.assertEqual(shortest_bfloat16(0.1962890625), 0.196)

    def test_words_and_signs(self):
        self.assertEqual([numeral(x, float) for x in (NAN, INF, -INF, 2.0)], ["NaN", "Infinity", "-Infinity", 2])
        self.assertEqual(json.dumps(numeral(-0.0, float)), "-0.0")

    def test_messages_lose_what_varies(self):
        self.assertEqual(tidy("{{function_node __wrapped__Sub_device_/job:x}} bad  at 0x7f00deadbeef"), "bad at 0x…")


class Comparing(unittest.TestCase):
    def test_last_digits_are_no_change(self):
        self.assertFalse(changed(value("float32", [1.0]), value("float32", [1.000001])))
        self.assertTrue(changed(value("float32", [1.0]), value("float32", [1.00001])))
        self.assertFalse(same(value("float32", [1.0]), value("float32", [1.000001])))

    def test_refusals_dtypes_words_and_gradients_are(self):
        refused = {"id": "x", "error": {"code": "shape", "message": "a"}}
        self.assertTrue(changed(refused, value("float32", [1.0])))
        self.assertFalse(changed(refused, {"id": "x", "error": {"code": "shape", "message": "b"}}))
        self.assertTrue(changed(value("float32", [1.0]), value("float64", [1.0])))
        self.assertTrue(changed(value("float32", ["NaN"]), value("float32", [1.0])))
        self.assertFalse(changed(value("float32", ["NaN", "Infinity"]), value("float32", ["NaN", "Infinity"])))
        self.assertTrue(changed(value("float32", [1.0]), value("float32", [1.0], warnings=["UserWarning: x"])))
        self.assertTrue(changed(value("float32", [1.0]), value("float32", [1.0], grads={"input": tensor("float32", [1], [0])})))


class Codes(unittest.TestCase):
    def test_the_text_names_the_fault_and_the_request_whose_it_is(self):
        x = tensor("float32", [1], [0])
        self.assertEqual(torch_code("RuntimeError", "expected scalar type Long but found Int", {"inputs": {"input": x}}), "dtype")
        self.assertEqual(torch_code("AttributeError", "'NoneType' object has no attribute 'size'", {"inputs": {"input": None}}), "missing")
        self.assertEqual(torch_code("AttributeError", "'int' object has no attribute 'size'", {"inputs": {"input": 1}}), "dtype")
        words = "Invalid reduction dimension (5 for input with 2 dimension(s) [Op:Sum]"
        self.assertEqual(keras_code("InvalidArgumentError", words, {"inputs": {}, "options": {"axis": 5}}), "option")
        self.assertEqual(keras_code("InvalidArgumentError", words, {"inputs": {}}), "shape")


class Lists(unittest.TestCase):
    def test_a_list_is_made_the_same_each_time_and_names_each_request_once(self):
        for framework in ("torch", "keras"):
            made = lines(framework)
            self.assertEqual(made, lines(framework))
            self.assertEqual(len({json.loads(line)["id"] for line in made}), len(made))

    def test_every_tensor_has_the_elements_of_its_shape(self):
        def check(x):
            if isinstance(x, dict) and "data" in x:
                n = 1
                for extent in x["shape"]:
                    n *= extent
                self.assertEqual(len(x["data"]), n)
            elif isinstance(x, dict):
                for v in x.values():
                    check(v)

        for framework in ("torch", "keras"):
            for line in lines(framework):
                check(json.loads(line))


if __name__ == "__main__":
    unittest.main()
