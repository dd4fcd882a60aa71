"""dumps_test.py MASKSCOPE DUMPS_MD: dumps of NumPy are read by the program, and the other way round."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import numpy

MASKSCOPE, DUMPS_MD = sys.argv[1], sys.argv[2]
FIELDS = ("tensor", "input_mask", "target_mask", "decoder_attention_mask")


def snippet():
    """save_batch, as the page shows it."""
    page = pathlib.Path(DUMPS_MD).read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "def save_batch" in block)
    scope = {}
    exec(compile(code, DUMPS_MD, "exec"), scope)
    return scope["save_batch"]


def run(*arguments):
    done = subprocess.run([MASKSCOPE, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Tensor:
    """What the snippet uses of a torch.Tensor."""

    def __init__(self, values):
        self.values = numpy.asarray(values)
        self.dtype = "torch." + str(self.values.dtype)

    def detach(self):
        return self

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype) if dtype else self.values


def grid(batch, side=14, seed=0):
    """A pre-tokenized grid of batch samples, masked as image_mask does: 50 tokens input, 40 targets."""
    random = numpy.random.RandomState(seed)
    shuffle = numpy.argsort(random.rand(batch, side * side), axis=1)
    attention = numpy.zeros((batch, side * side), dtype=numpy.int32)
    is_target = (shuffle >= 50) & (shuffle < 90)
    attention[numpy.arange(batch), is_target.argmax(axis=1)] = 40
    return {"tensor": Tensor(random.randint(0, 8192, (batch, side * side)).astype(numpy.int64)), "input_mask": Tensor(shuffle >= 50),
            "target_mask": Tensor(~is_target), "decoder_attention_mask": Tensor(attention)}


def pixels(batch):
    shuffle = numpy.argsort(numpy.random.RandomState(1).rand(batch, 196), axis=1)
    return {"tensor": Tensor(numpy.random.RandomState(2).rand(batch, 3, 224, 224).astype(numpy.float32)), "input_mask": Tensor(shuffle >= 30),
            "target_mask": Tensor(numpy.ones((batch, 196), dtype=bool)), "decoder_attention_mask": Tensor(numpy.zeros((batch, 196), dtype=numpy.int32))}


def caption(batch):
    """2000 [S_1] [EOS] -> [S_1] 2001 2002 [S_2], for every sample."""
    slots = 2 * (256 + 1)
    tensor, attention = numpy.zeros((batch, slots), dtype=numpy.int64), numpy.zeros((batch, slots), dtype=numpy.int64)
    input_mask, target_mask = numpy.ones((batch, slots), dtype=bool), numpy.ones((batch, slots), dtype=bool)
    tensor[:, :7] = [2000, 5, 3, 5, 2001, 2002, 6]
    input_mask[:, :3] = False
    target_mask[:, 3:7] = False
    attention[:, 3:7] = 1
    return {"tensor": [Tensor(row) for row in tensor], "input_mask": input_mask, "target_mask": target_mask.tolist(), "decoder_attention_mask": attention}


class Dumps(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def batch(self, size=3):
        return {"tok_depth@224": grid(size), "rgb@224": pixels(size), "caption": caption(size)}

    def test_the_pages_snippet_saves_what_the_program_reads(self):
        save_batch = snippet()
        save_batch(self.path("a.npz"), self.batch())
        save_batch(self.path("b.npz"), [{"mod_dict": self.batch()}, ["more", 1]])  # nested deeper
        code, out, err = run("diff", self.path("a.npz"), self.path("b.npz"))
        self.assertEqual((code, out, err), (0, "Equal: 3 samples, 3 modalities.\n", ""))

    def test_every_form_numpy_writes_is_the_same_dump(self):
        save_batch = snippet()
        save_batch(self.path("a.npz"), self.batch())
        members = dict(numpy.load(self.path("a.npz")))
        numpy.savez(self.path("stored.npz"), **members)
        numpy.savez(self.path("fortran.npz"), **{name: numpy.asfortranarray(value) for name, value in members.items()})
        big = {name: value.astype(value.dtype.newbyteorder(">")) if value.dtype.kind == "i" else value for name, value in members.items()}
        numpy.savez(self.path("big.npz"), **big)
        narrow = {name: value.astype(numpy.int32) if value.dtype == numpy.int64 else value for name, value in members.items()}
        numpy.savez(self.path("narrow.npz"), **narrow)
        typed = dict(members, **{"caption/type": numpy.array("seq"), "tok_depth@224/type": numpy.array(["img"] * 3)})
        numpy.savez(self.path("typed.npz"), **typed)
        for name in ("stored.npz", "fortran.npz", "big.npz", "narrow.npz", "typed.npz"):
            self.assertEqual(run("diff", self.path("a.npz"), self.path(name)), (0, "Equal: 3 samples, 3 modalities.\n", ""), name)

    def test_diff_names_the_first_place(self):
        save_batch = snippet()
        batch = self.batch()
        save_batch(self.path("a.npz"), batch)
        batch["caption"]["input_mask"][1, 2] = True
        batch["rgb@224"]["tensor"].values[2, 0, 5, 5] += 1
        save_batch(self.path("b.npz"), batch)
        code, out, _ = run("diff", self.path("a.npz"), self.path("b.npz"))
        self.assertEqual(code, 1)
        self.assertEqual(out, "caption input_mask: sample 1, slot 2: 0 in A, 1 in B; 1 of 1542 values differs.\n"
                              "rgb@224 tensor: sample 2: other values in A than in B; 1 of 3 samples differs.\n")
        pathlib.Path(self.path("c.npz")).write_bytes(pathlib.Path(self.path("a.npz")).read_bytes()[:-30])
        code, out, err = run("diff", self.path("a.npz"), self.path("c.npz"))
        self.assertEqual((code, out), (2, ""))
        self.assertIn("c.npz: the directory at the end of the zip archive is missing or damaged", err)

    def test_pickled_objects_are_refused_unread(self):
        save_batch = snippet()
        save_batch(self.path("a.npz"), self.batch())
        members = dict(numpy.load(self.path("a.npz")))
        members["caption/tensor"] = numpy.array([{"code": 1}], dtype=object)
        numpy.savez(self.path("b.npz"), **members)
        code, _, err = run("diff", self.path("b.npz"), self.path("b.npz"))
        self.assertEqual(code, 2)
        self.assertIn("modality caption: member caption/tensor.npy: it holds pickled Python objects", err)

    def test_written_masks_are_those_of_the_json(self):
        tokens = self.path("tokens.json")
        with open(tokens, "w", encoding="utf-8") as file:
            json.dump({"caption": list(range(2000, 2040)), "tok_rgb@224": [], "tok_depth@224": list(range(196)), "rgb@224": []}, file)
        for seed in range(20):
            arguments = ["mask", "--tokens", tokens, "--scheme", "4m-7", "--seed", seed]
            code, out, err = run(*arguments)
            self.assertEqual(code, 0, err)
            path = self.path(f"{seed}.npz")
            self.assertEqual(run(*arguments, "--format", "npz", "-o", path), (0, "", ""))
            arrays = numpy.load(path)
            modalities = json.loads(out)["modalities"]
            self.assertEqual(set(arrays.files), {f"{name}/{field}" for name in modalities for field in FIELDS + ("type",)})
            for name, modality in modalities.items():
                self.assertEqual(str(arrays[f"{name}/type"]), modality["type"])
                for field in FIELDS:
                    expected = [-1 if value is None else value for value in modality[field]]
                    numpy.testing.assert_array_equal(arrays[f"{name}/{field}"].astype(numpy.int64), expected)
                self.assertEqual(arrays[f"{name}/input_mask"].dtype, bool)
            # Read by the program itself, again through NumPy, as a batch of one.
            numpy.savez_compressed(self.path("again.npz"), **{name: arrays[name] if name.endswith("/type") else arrays[name][None] for name in arrays.files})
            code, out, err = run("diff", path, self.path("again.npz"))
            self.assertEqual((code, err), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
