"""What is said of each change of a contract, by the compiler's own reading of real .proto files."""

import io
import os
import tempfile
import unittest

import check_contracts

PROTO = """
syntax = "proto3";
package flywheel.gate.v1;
import "google/protobuf/timestamp.proto";
service GateService {
  rpc Judge(JudgeRequest) returns (JudgeResponse);
  rpc Watch(WatchRequest) returns (stream WatchResponse);
}
message JudgeRequest {
  reserved 9, 20 to 29;
  reserved "old";
  string suite_id = 1;
  int32 cases = 2;
  optional double alpha = 3;
  repeated string tags = 4;
  map<string, double> floors = 5;
  google.protobuf.Timestamp judge_time = 6;
  oneof baseline {
    string version = 7;
    bool none = 8;
  }
  message Limit { int64 most = 1; }
  Limit limit = 10 [json_name = "bound"];
}
message JudgeResponse { Decision decision = 1; }
message WatchRequest {}
message WatchResponse {}
enum Decision {
  reserved 5;
  DECISION_UNSPECIFIED = 0;
  DECISION_PASS = 1;
  DECISION_FAIL = 2;
}
"""

LIST = """\
message JudgeRequest
field JudgeRequest 1 string suite_id
field JudgeRequest 2 int32 cases
field JudgeRequest 3 optional double alpha
field JudgeRequest 4 repeated string tags
field JudgeRequest 5 map<string,double> floors
field JudgeRequest 6 google.protobuf.Timestamp judge_time
field JudgeRequest 7 string version oneof=baseline
field JudgeRequest 8 bool none oneof=baseline
field JudgeRequest 10 JudgeRequest.Limit limit json=bound
reserved JudgeRequest 9
reserved JudgeRequest 20-29
reserved JudgeRequest old
message JudgeRequest.Limit
field JudgeRequest.Limit 1 int64 most
message JudgeResponse
field JudgeResponse 1 Decision decision
message WatchRequest
message WatchResponse
enum Decision
value Decision 0 DECISION_UNSPECIFIED
value Decision 1 DECISION_PASS
value Decision 2 DECISION_FAIL
reserved Decision 5
service GateService
rpc GateService Judge JudgeRequest -> JudgeResponse
rpc GateService Watch WatchRequest -> stream WatchResponse
"""

ALL = "breaks wire, JSON and source"


class ContractsTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.list = os.path.join(self.root, "lists", "flywheel.gate.v1.txt")
        self.write(PROTO)
        self.check("--accept")

    def write(self, text):
        path = os.path.join(self.root, "flywheel", "gate", "v1", "gate.proto")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def check(self, *arguments):
        out = io.StringIO()
        places = ["--protos", self.root, "--lists", os.path.join(self.root, "lists")]
        failed = check_contracts.main([*places, *arguments], out)
        return failed, out.getvalue()

    def expect(self, old, new, *want):
        """The sentences about what breaks when `old` is written as `new`."""
        self.assertIn(old, PROTO)
        self.write(PROTO.replace(old, new))
        failed, text = self.check()
        self.assertTrue(failed)
        self.assertIn("--accept-contracts", text)
        self.assertIn("CHANGELOG.md", text)
        lines = [line for line in text.split("\n") if line.startswith("  ")]
        self.assertEqual(lines, [f"  flywheel.gate.v1: {sentence}" for sentence in want])

    def test_lists_everything_that_a_caller_depends_on(self):
        with open(self.list, encoding="utf-8") as file:
            head, text = file.read().split("\n", 1)
        self.assertTrue(head.startswith("#"))
        self.assertEqual(text, LIST)

    def test_an_unchanged_contract_passes(self):
        self.assertEqual(self.check(), (0, ""))

    def test_comments_do_not_count(self):
        self.write(PROTO.replace("service", "// Judges.\nservice"))
        self.assertEqual(self.check(), (0, ""))

    def test_an_addition_breaks_nothing_and_wants_to_be_listed(self):
        self.write(PROTO.replace("int32 cases = 2;", "int32 cases = 2; bool dry_run = 11;"))
        failed, text = self.check()
        self.assertTrue(failed)
        added = "  flywheel.gate.v1: field JudgeRequest 11 bool dry_run\n"
        self.assertIn(added + "Nothing breaks.", text)
        self.assertEqual(self.check("--accept")[0], 0)
        self.assertEqual(self.check(), (0, ""))

    def test_an_accepted_break_passes_from_then_on(self):
        self.write(PROTO.replace("DECISION_FAIL", "DECISION_BLOCK"))
        self.assertEqual(self.check("--accept")[0], 0)
        self.assertEqual(self.check(), (0, ""))

    def test_another_order_is_listed_too(self):
        self.write(PROTO.replace("message WatchRequest {}\n", "") + "message WatchRequest {}\n")
        failed, text = self.check()
        self.assertTrue(failed)
        self.assertIn("another order", text)

    def test_a_field_that_is_gone(self):
        self.expect(
            "int32 cases = 2;",
            "",
            f"field JudgeRequest.cases = 2: is gone; {ALL}: what others send in it is lost; "
            "reserve its number and name",
        )

    def test_another_number(self):
        self.expect(
            "cases = 2",
            "cases = 12",
            "field JudgeRequest.cases = 2: its number is now 12; breaks wire",
        )

    def test_another_name(self):
        self.expect(
            "int32 cases",
            "int32 case_count",
            "field JudgeRequest.cases = 2: its name was cases and is case_count; "
            "breaks JSON and source",
        )

    def test_another_type(self):
        self.expect(
            "int32 cases",
            "string cases",
            f"field JudgeRequest.cases = 2: its type was int32 and is string; {ALL}",
        )
        self.expect(
            "int32 cases",
            "int64 cases",
            "field JudgeRequest.cases = 2: its type was int32 and is int64; breaks JSON and "
            "source; on the wire what does not fit the new type is cut",
        )

    def test_another_label(self):
        self.expect(
            "int32 cases",
            "repeated int32 cases",
            f"field JudgeRequest.cases = 2: its label was singular and is repeated; {ALL}",
        )
        self.expect(
            "optional double alpha",
            "double alpha",
            "field JudgeRequest.alpha = 3: its label was optional and is singular; breaks source: "
            "has_x() comes or goes, and with it the difference of 0 and nothing",
        )

    def test_another_oneof(self):
        self.expect(
            "    bool none = 8;\n  }",
            "  }\n  bool none = 8;",
            "field JudgeRequest.none = 8: its oneof was baseline and is none; breaks source; "
            "setting one field of a oneof clears the others, on the wire too",
        )

    def test_another_name_in_json(self):
        self.expect(
            'json_name = "bound"',
            'json_name = "edge"',
            "field JudgeRequest.limit = 10: its JSON name was bound and is edge; "
            "breaks JSON and source",
        )

    def test_a_number_that_is_free_again(self):
        self.expect(
            "reserved 9, 20 to 29",
            "reserved 20 to 29",
            "reserved JudgeRequest.9: is gone; breaks whoever kept old data: the number or name "
            "may come again and mean another thing",
        )

    def test_values_of_enums(self):
        self.expect(
            "  DECISION_FAIL = 2;\n",
            "",
            f"value Decision.DECISION_FAIL = 2: is gone; {ALL}: others' values are no longer "
            "known; reserve its number and name",
        )
        self.expect(
            "DECISION_FAIL",
            "DECISION_BLOCK",
            "value Decision.DECISION_FAIL = 2: its name was DECISION_FAIL and is DECISION_BLOCK; "
            "breaks JSON and source",
        )

    def test_rpcs(self):
        self.expect(
            "  rpc Watch(WatchRequest) returns (stream WatchResponse);\n",
            "",
            "rpc GateService.Watch: is gone; breaks wire and source: its callers get UNIMPLEMENTED",
        )
        self.expect(
            "(stream WatchResponse)",
            "(WatchResponse)",
            "rpc GateService.Watch: its response was stream WatchResponse and is WatchResponse; "
            "breaks wire and source",
        )

    def test_what_goes_with_its_owner_is_said_once(self):
        self.expect(
            "service GateService {",
            "message Nothing {}\nservice GatesService {",
            "service GateService: is gone; breaks wire and source: its callers get UNIMPLEMENTED",
        )

    def test_a_package_that_is_gone(self):
        os.remove(os.path.join(self.root, "flywheel", "gate", "v1", "gate.proto"))
        self.write("syntax = \"proto3\"; package flywheel.gate.v2; message WatchRequest {}")
        failed, text = self.check()
        self.assertTrue(failed)
        self.assertIn("flywheel.gate.v1: message WatchRequest: is gone", text)
        self.check("--accept")
        self.assertFalse(os.path.exists(self.list))


if __name__ == "__main__":
    unittest.main()
