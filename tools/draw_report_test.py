"""What the picture of a run shows of its report."""

import copy
import unittest
import xml.etree.ElementTree

import draw_report

REPORT = {
    "customers": 7,
    "queries": 1410,
    "seeds": 9,
    "test_queries": 40,
    "first_accuracy": 0.4,
    "revolutions": [
        {
            "number": 1,
            "serving_version": "v1",
            "accuracy": 0.75,
            "eval_rows": 1152,
            "gate": [{"candidate": "v2<bad>", "decision": "BLOCK"}],
            "experiment": [
                {
                    "candidate": "v1",
                    "recommendation": "SHIP",
                    "control_units": 60,
                    "candidate_units": 8,
                }
            ],
        }
    ],
}


class DrawReportTest(unittest.TestCase):
    def test_says_accuracies_and_what_the_services_said_in_order(self):
        root = xml.etree.ElementTree.fromstring(draw_report.draw(REPORT))
        texts = [element.text for element in root if element.tag.endswith("text")]
        self.assertEqual(
            texts[2:],
            ["0.400", "v0 serves", "start", "0.750", "v1 serves", "revolution 1"]
            + ["v1: SHIP", "experiment, 68 sessions", "v2<bad>: BLOCK", "gate, 1,152 cases"],
        )

    def test_every_answer_has_a_colour_of_its_kind(self):
        for answer in ("SHIP", "ROLLBACK", "CONTINUE", "HOLD", "STOP_FUTILE"):
            report = copy.deepcopy(REPORT)
            report["revolutions"][0]["experiment"][0]["recommendation"] = answer
            root = xml.etree.ElementTree.fromstring(draw_report.draw(report))
            fills = {element.text: element.get("fill") for element in root}
            self.assertEqual(fills["v1: " + answer], draw_report.COLOURS[answer])
            self.assertNotEqual(fills["v1: " + answer], draw_report.INK)
        unlike = {draw_report.COLOURS[name] for name in ("CONTINUE", "HOLD", "STOP_FUTILE")}
        self.assertEqual(len(unlike), 3)

    def test_a_bar_is_as_tall_as_the_accuracy(self):
        root = xml.etree.ElementTree.fromstring(draw_report.draw(REPORT))
        bars = [element for element in root if element.tag.endswith("rect")][1:]
        heights = [int(bar.get("height")) / draw_report.PLOT_HEIGHT for bar in bars]
        self.assertEqual([round(height, 2) for height in heights], [0.4, 0.75])


if __name__ == "__main__":
    unittest.main()
