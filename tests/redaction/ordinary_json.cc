#include <iterator>

#include "tests/redaction/ordinary_text.h"

namespace flywheel::redaction {
namespace {

constexpr const char* kJson[] = {
    R"({"scores": [0.912, 0.887, 12.345]})",
    R"({"embedding": [12.3456, -45.6789, 0.1234]})",
    R"({"vector": [45.1234, 12.5678]})",
    R"({"bbox": [10.125, 20.250, 30.375, 40.500]})",
    R"({"box": {"x": 12.3456, "y": 45.6789, "w": 10.123, "h": 20.456}})",
    R"({"x": 12.3456, "y": 45.6789})",
    R"({"points": [[12.3456, 45.6789], [23.4567, 56.7890]]})",
    R"({"position": [0.1234, 0.5678]})",
    R"({"position": {"x": 12.3456, "y": 45.6789}})",
    R"({"coordinates": null, "scores": [12.3456, 45.6789]})",
    R"({"location": "Berlin", "scores": [12.3456, 45.6789]})",
    R"({"gps": false, "weights": [12.3456, 45.6789]})",
    R"({"coordinates": [0.123, 0.456]})",
    R"({"bbox_coordinates": [10.125, 20.250, 30.375, 40.500]})",
    R"({"lat": 12.345, "unit": "ms"})",
    R"({"lat_ms": 12.345, "lon": "x"})",
    R"({"prices": [19.990, 24.990], "currency": "EUR"})",
    R"({"logprobs": [-0.10536, -12.30259], "tokens": ["a", "b"]})",
    R"({"usage": {"prompt_tokens": 1234567, "completion_tokens": 7654321}})",
    R"({"Portable Charger": "6942297802", "Smart Watch": "6945232052"})",
    R"({"Phone Case": "6942297802", "Mobile Stand": "6945232052"})",
    R"({"Call Center Headset": "6942297802"})",
    R"({"Handy Mixer": "6942297802", "Signal Booster": "6945232052"})",
    R"({"phone": null, "order_id": "6942297802"})",
    R"({"phone": "", "order_ids": ["6942297802", "6942297803"]})",
    R"({"phones_sold": 6942297802})",
    R"({"product_id": "6942297802", "variants": {"4063401108": {"price": 158.9012}}})",
    R"({"item_ids": ["4063401108", "8214883393", "6942297802"]})",
    R"({"order_id": "#W6942297802", "payment_method_id": "credit_card_4421486"})",
    R"({"tracking_id": ["1071629460", "443521489581"]})",
    R"({"id": 4539578763621486})",
    R"({"id": "4539578763621486", "kind": "message"})",
    R"({"message_id": 4916338506082832, "chat_id": 5105105105105100})",
    R"({"ean": "4006381333931", "isbn": "9783161484100"})",
    R"({"gtin": 4006381333931})",
    R"({"telegram_chat_id": 123456789})",
    R"({"user": {"id": "1234567890"}, "created": 1715694139})",
    R"({"ts": "1715694139.123456", "channel": "C012AB3CD"})",
    R"({"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7"})",
    R"({"uuid": "7d1f6e3a-89ab-4cde-8f01-23456789abcd"})",
    R"({"next_page_token": "CAUQAAgBEhQxMjM0NTY3ODkwYWJjZGVm"})",
    R"({"nextPageToken": "EAAaBlBUOkNBVQ1234567890"})",
    R"({"passport": true, "order_id": "12345678"})",
    R"({"passport_required": false, "flight": "HAT136", "id": "A1234567"})",
    R"({"dob": null, "created": "2024-05-12"})",
    R"({"born": false, "date": "2024-05-12"})",
    R"({"version": "1.2.3.4", "build": "20240512-1238"})",
    R"({"flight_number": "HAT136", "date": "2024-05-16", "seats": 12})",
    R"({"args": {"a": 12.3456, "b": 45.6789}, "op": "multiply"})",
    R"({"expression": "(12.3456 + 45.6789) * 2"})",
    R"({"svg": "<path d=\"M12.345 67.890L23.456 78.901\"/>"})",
    R"({"csv": "12.3456,45.6789\n23.4567,56.7890"})",
    R"({"rows": [[1, 12.3456, 45.6789], [2, 23.4567, 56.7890]]})",
    R"({"p_values": [0.051, 0.049], "statistic": [12.345, 45.678]})",
    R"({"usd": 12.345, "eur": 45.678})",
    R"({"range": [12.345, 45.678]})",
    R"({"time": [1715694139123, 1715694140123]})",
    R"({"sizes": [256, 512, 1024], "stride": [2, 2]})",
    R"({"temperature": 0.7, "top_p": 0.95, "seed": 1234567890})",
    R"([12.3456, 45.6789])",
    R"([[45.1234, 12.5678]])",
    R"("12.3456, 45.6789")",
};

}  // namespace

std::vector<std::string> OrdinaryJson() { return {std::begin(kJson), std::end(kJson)}; }

}  // namespace flywheel::redaction
