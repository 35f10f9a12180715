"""EVAL.md's code for what a framework raised, from the exception's type and text: `python record.py recode` applies it to recordings."""

import re

from protocol import is_tensor

# The first pattern that the text matches names the fault; the order matters.
TORCH = [
    (r"derivative for '\w+' is not implemented|only Tensors of floating point|does not require grad|isDifferentiableType", "gradient"),
    (r"unexpected keyword argument|not a valid value for reduction|is not valid$|Invalid reduction mode", "option"),
    (r"label_smoothing must be|ignore_index is not supported|does not support n\w+-?\w* values for|margin must be", "option"),
    (r"missing \d+ required positional", "missing"),
    (r"all elements of (input|target) should be", "value"),
    (r"is out of bounds(\.?$| for dimension)|target out of range|^Target $", "index-out-of-range"),  # a byte 0 ends the text
    (
        r"[Ff]ound dtype|[Ee]xpected scalar type|not implemented for|can't be cast|could not infer output dtype|Can only calculate the mean|"
        r"[Ee]xpected floating point type|expected target dtype|Integral inputs|bool tensor|Expected object of (scalar|data)|"
        r"same dtype|to be floating point|result type|dtype",
        "dtype",
    ),
    (r"size|shape|dimension|broadcast|batch|multi-target|Dimension out of range|weight tensor should be", "shape"),
]
KERAS = [
    (r"[Cc]ould not interpret loss|Unknown loss function|Unknown object", "unknown-loss"),
    (r"unexpected keyword argument|[Ii]nvalid Reduction Key|Invalid value for argument `reduction`|Only axis=-1", "option"),
    (r"DTypePolicy|interpret `dtype`|Invalid dtype: |`axis` must be", "option"),
    (r"outside the valid range", "index-out-of-range"),
    (r"[Mm]issing (\d+ )?required positional", "missing"),
    (
        r"was expected to be an? \w+ tensor|is not in the list of allowed values|EagerTensor of dtype|not convertible|Could not find device|"
        r"Could not find valid device|dtype|[Nn]o kernel|OpKernel|Cannot convert|conversion requested|must be of the same type|"
        r"that does not match type|have type|Unsupported data type|[Uu]nsupported type|has no attribute 'shape'",
        "dtype",
    ),
    (
        r"[Ii]ncompatible|same shape|same rank|[Ss]hape|squeeze|reduction dimension|broadcast|ndim|rank|dimension|Dimension|size|delta > 0|"
        r"at least one class|nested structure|axis|empty tensor|cannot be scalar|index out of range|integer (division or )?modulo",
        "shape",
    ),
]
AXIS = re.compile(
    r"reduction dimension|Range|Tidx|Tperm|operand|as an integer|string formatting|^$|convert (?!1e-|0\.0 )\S+ to EagerTensor of dtype int|slice index|transpose expects|Index out of range using input dim|`axis` values|'axis' must|Invalid axis|between instances|Only integers"
)
WORD = re.compile(r"string|'x'|'str'|NoneType|None value|\(None\)|'list'")


def first(rules, text):
    return next((code for pattern, code in rules if re.search(pattern, text)), None)


def torch_code(kind, text, request):
    inputs = request.get("inputs") or {}
    if any(x is None for x in inputs.values()):
        return "missing"
    argument = re.search(r"argument '(\w+)'", text)
    odd = "dtype" if any(not is_tensor(x) for x in inputs.values()) else "option"
    if kind == "AttributeError":  # a number or a list where a tensor belongs
        return odd
    if kind == "TypeError" and argument and "unexpected" not in text:
        return "dtype" if argument.group(1) in inputs or argument.group(1) == "self" else "option"
    return first(TORCH, text) or (odd if kind == "TypeError" else "value")


def keras_code(kind, text, request):
    inputs, options = request.get("inputs") or {}, request.get("options") or {}
    if any(inputs.get(name, 0) is None for name in ("y_true", "y_pred")):
        return "missing"
    odd = [v for k, v in options.items() if k not in ("reduction", "name", "dtype") and (v is None or isinstance(v, (str, list)))]
    if odd and WORD.search(text):
        return "option"  # a word, nothing or a list where a number belongs
    if options.get("axis", -1) != -1 and AXIS.search(text):
        return "option"
    code = first(KERAS, text)
    if code is None and kind in ("TypeError", "AttributeError"):
        return "dtype" if any(not is_tensor(x) for x in inputs.values()) else "option"
    return code or ("missing" if "None" in text else "value")
