// Names and addresses in scripts without capitals, or with letters of their own.
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "redaction/scans.h"

namespace flywheel::redaction {
namespace {

// The hundred commonest surnames of China, and the commonest double ones; of Korea, Japan.
const std::string kChineseSurname =
    "(?:[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史"
    "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤陳張劉楊趙吳孫馬許鄭謝鄧蕭葉蘇呂盧鍾譚陸賈鄒閻龍"
    "賀顧龔嚴湯]|欧阳|司马|诸葛|上官)";
const std::string kKoreanSurname =
    "(?:[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구민"
    "진지엄채원천방공현]|남궁|황보)";
const std::string kJapaneseSurname =
    "(?:佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本"
    "|井上|木村|林|斎藤|斉藤|清水|山崎|森|池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡"
    "田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|金子|岡本|藤原|三浦"
    "|中野|中川|原田|松田|竹内|小野|田村|中山|和田|石田|森田|上田|柴田|酒井|横山|宮崎|内田"
    "|高木|安藤|谷口|大野|丸山|今井|高田|藤本|河野|村田|武田|上野|杉山|増田|菅原|平野|大塚"
    "|小島|千葉|久保|松井|岩崎|桜井|野口|松尾|野村|木下|菊地|佐野|大西|杉本|新井|浜田|菅野"
    "|市川|水野|小松|島田|古川|小山|高野|山内|西田|菊池|西川|五十嵐|北村|安田|中田|川口|平"
    "田|川崎|飯田|吉川|本田|久保田|沢田|辻|関|吉村|渡部|岩田|中西|服部|樋口|福島|川上|永井"
    "|松岡|田口)";

constexpr char kRussianName[] =
    R"(\p{Cyrillic}[\p{Cyrillic}’'-]+(?:[ ]+\p{Lu}[\p{Cyrillic}’'-]+){0,2})";

// A pattern whose first group is the name, or all of it; tried where a text has letters of
// `script`.
struct Row {
  uint32_t script;
  std::string pattern;
};

// What a text's letters begin with in UTF-8.
enum Script : uint32_t {
  kGreek = 1,
  kCyrillic = 2,
  kHebrew = 4,
  kArabic = 8,
  kDevanagari = 16,
  kKana = 32,
  kHan = 64,
  kHangul = 128,
};

uint32_t ScriptsOf(std::string_view text) {
  // By lead bytes; a letter that shares its lead with another script costs one pattern more.
  static const std::array<uint8_t, 256> kByLead = [] {
    std::array<uint8_t, 256> table{};
    table[0xCE] = table[0xCF] = kGreek;
    table[0xD0] = table[0xD1] = kCyrillic;
    table[0xD7] = kHebrew;
    for (size_t lead = 0xD8; lead <= 0xDB; ++lead) table[lead] = kArabic;
    table[0xE0] = kDevanagari;
    table[0xE3] = kKana;
    for (size_t lead = 0xE4; lead <= 0xE9; ++lead) table[lead] = kHan;
    for (size_t lead = 0xEA; lead <= 0xED; ++lead) table[lead] = kHangul;
    return table;
  }();
  uint32_t scripts = 0;
  // Eight bytes of ASCII at a time.
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + i, 8);
    if ((bytes & 0x8080808080808080U) == 0) continue;
    for (const char c : text.substr(i, 8)) scripts |= kByLead[static_cast<unsigned char>(c)];
  }
  for (const char c : text.substr(i)) scripts |= kByLead[static_cast<unsigned char>(c)];
  return scripts;
}

std::vector<Row> NameRows() {
  const std::string chinese = "(" + kChineseSurname + R"(\p{Han}{1,2}))";
  const std::string han_end = R"((?:[^\p{Han}]|$))";
  const std::string arabic_word = R"([\p{Arabic}]{2,}(?:[ -](?:بن|ابن|عبد|أبو|آل|ال))?)";
  const std::string arabic =
      "(" + arabic_word + R"((?: [\x{0621}-\x{0647}\x{0649}-\x{064A}]\p{Arabic}+)?))";
  const std::string hebrew = R"((\p{Hebrew}{2,}(?:[ -]\p{Hebrew}{2,})?))";
  const std::string greek = R"((\p{Lu}\p{Greek}+(?: \p{Lu}\p{Greek}+){0,2}))";
  const std::string hindi = R"(([\p{Devanagari}]+(?: [\p{Devanagari}]+)?))";
  return {
      // 我叫陈伟，姓名：王小明
      {kHan, "(?:我叫做?|名字(?:是|叫)|名叫|我的全名是)[：: ]*" + chinese},
      {kHan,
       "(?:姓名|收件人|收货人|联系人|联络人|持卡人|客户(?:姓名|名称)?|患者(?:姓名)?|乘客(?:姓名)?|"
       "寄件人|申请人|户名|收款人|聯絡人|收件者|名字)[为是]?[：:= \"]+" +
           chinese + han_end},
      {kHan, "(?:姓名|收件人|收货人|联系人|持卡人)[为是]?" + chinese + han_end},
      {kHan, "(?:我是|这里是|本人)" + chinese + R"((?:[，。,.!！？?；;、 \n]|$))"},
      {kHan, R"((?:^|[^\p{Han}]|给|找|叫|请|和|为|向|跟|与|是|的|联系))" + chinese +
                 "(?:先生|女士|小姐|老师|医生|教授|经理)"},
      // 山田太郎です, 氏名：佐藤花子, 鈴木様
      {kHan,
       "(" + kJapaneseSurname +
           R"([ 　]?[\p{Han}\p{Hiragana}\p{Katakana}]{1,4}?)(?:です|と申します|と言います|といいます|でございます))"},
      {kHan, "(" + kJapaneseSurname + R"()(?:です|と申します|と言います|といいます))"},
      {kHan | kKana, R"((?:氏名|お名前|名前|フリガナ|ふりがな|宛名|受取人)(?:は|[：:= "]+))"
                     R"([ ]*([\p{Han}\p{Hiragana}\p{Katakana}ー・]{1,8}?[ 　]?)"
                     R"([\p{Han}\p{Katakana}ー]{1,6}|[\p{Katakana}ー・ 　]{3,20}))"
                     R"((?:です|と申|といい|様|さん|[、。,.\s"]|$))"},
      {kHan, "(" + kJapaneseSurname + R"((?:[ 　]?[\p{Han}]{1,3})?)[ 　]?(?:様|さん|氏|先生))"},
      {kKana, R"(([\p{Katakana}ー]{2,8}[・ 　][\p{Katakana}ー]{2,8})(?:です|と申します|様|さん))"},
      {kKana,
       R"((?:私は|わたしは|僕は)([\p{Han}]{2}[\p{Han}\p{Hiragana}]{1,3}?)(?:と申します|といいます|と言います))"},
      // 제 이름은 김민수입니다, 이름: 박지민, 이영희님
      {kHangul, R"((?:이름은|이름이|성함은|성명은)\s*()" + kKoreanSurname +
                    R"(\p{Hangul}{1,2}?)(?:입니다|이에요|예요|이고|라고|이라고|이며|[ ,.\n]|$))"},
      {kHangul,
       R"((?:이름|성명|성함|수령인|수취인|예금주|받는 ?사람|고객명|환자명|승객명)\s*[:：=]\s*"?()" +
           kKoreanSurname + R"([ ]?\p{Hangul}{1,3}))"},
      {kHangul, "저는 (" + kKoreanSurname +
                    R"(\p{Hangul}{2})(?:입니다|이에요|예요|이라고 합니다|라고 합니다))"},
      {kHangul,
       "(?:^|[ ,.(])(" + kKoreanSurname + R"(\p{Hangul}{2}) ?(?:님|씨)(?:[ ,.!?]|\p{Hangul}|$))"},
      // меня зовут Анна Петрова, ФИО: Иванов Иван Иванович
      {kCyrillic, "(?i:меня зовут|мо[её] имя(?: -| —)?|мене звати|мо[єе] ім['’]я|казвам се) +(" +
                      std::string(kRussianName) + ")"},
      {kCyrillic,
       R"((?i:ф\.?и\.?о\.?|имя|фамилия|отчество|пациент(?:ка)?|клиент|получатель|заказчик|)"
       R"(пассажир|контактное лицо|ім['’]я|прізвище|піб|сотрудник|отправитель|)"
       R"(владелец карты)\s*[:：=]\s*"?()" +
           std::string(kRussianName) + ")"},
      {kCyrillic, R"((?i:господин|госпожа|г-н|г-жа|гр\.|гражданин|гражданка|пан|пані) +()"
                  R"(\p{Lu}[\p{Cyrillic}-]+(?: \p{Lu}[\p{Cyrillic}-]+){0,2}))"},
      {kCyrillic,
       R"(((?:\p{Lu}[\p{Cyrillic}-]+ )?\p{Lu}\p{Cyrillic}+ \p{Lu}\p{Cyrillic}+)"
       R"((?:ович|евич|ьич|овна|евна|ична|инична|овича|евича|овны|евны|овне|евне|овичу|евичу)"
       R"((?:ем|ой|у|а|е)?)(?: \p{Lu}[\p{Cyrillic}-]+)?)(?:[^\p{Cyrillic}]|$))"},
      {kCyrillic, R"((?:[Ээ]то|[Яя]|[Уу]важаем(?:ый|ая)|)"
                  R"([Зз]дравствуйте,) (\p{Lu}\p{Cyrillic}+ \p{Lu}\p{Cyrillic}+)(?:[ ,.!]|$))"},
      // اسمي محمد العلي
      {kArabic, R"((?:اسمي|إسمي|أسمي|انا اسمي)(?: هو)?[ :]+)" + arabic},
      {kArabic,
       R"((?:الاسم(?: الكامل)?|الإسم|اسم (?:العميل|المريض|المستلم|المسافر|حامل البطاقة)|المستلم|)"
       R"(نام(?: و نام خانوادگی)?)\s*[:：=]\s*"?)" +
           arabic},
      {kArabic, R"((?:السيد|السيدة|الدكتور|الدكتورة|الأستاذ|الأستاذة|الآنسة) )" + arabic},
      {kArabic, R"((?:نام من|اسم من) )" + arabic},
      // שמי דוד לוי
      {kHebrew, R"((?:שמי|קוראים לי|השם שלי(?: הוא)?) )" + hebrew},
      {kHebrew, R"((?:שם(?: מלא| פרטי| משפחה)?|שם הלקוח|נמען)\s*[:=]\s*)" + hebrew},
      {kHebrew, R"((?:מר|גברת|גב'|ד"ר|פרופ'|אדון) )" + hebrew},
      // με λένε Μαρία Παπαδοπούλου
      {kGreek, R"((?i:με λένε|ονομάζομαι|λέγομαι|το όνομά μου είναι|το όνομα μου είναι) )" + greek},
      {kGreek, R"((?i:όνομα|ονοματεπώνυμο|επώνυμο|παραλήπτης|πελάτης)\s*[:=]\s*)" + greek},
      {kGreek, R"((?:κύριος|κύριε|κυρία|Κύριος|Κύριε|Κυρία|κ\.|Κος|Κα) ?)" + greek},
      // मेरा नाम राहुल शर्मा है
      {kDevanagari, R"((?:मेरा (?:पूरा )?नाम|माझे नाव|मेरो नाम) )" + hindi +
                        R"( (?:है|हैं|आहे|)"
                        R"(हो))"},
      {kDevanagari, R"((?:नाम|पूरा नाम|ग्राहक|मरीज)\s*[:：=]\s*)" + hindi},
      {kDevanagari, R"((?:श्री|श्रीमती|डॉ\.?|सुश्री) ()"
                    R"([\p{Devanagari}]+))"},
  };
}

std::vector<Row> AddressRows() {
  return {
      // 北京市朝阳区建国路88号, and what is behind it up to a comma
      {kHan,
       R"(((?:\p{Han}{2,8}(?:省|自治区))?(?:\p{Han}{2,6}(?:市|州|县))?\p{Han}{1,8}(?:区|县|市|镇|乡))"
       R"(\p{Han}{1,12}(?:路|街|道|巷|村|弄|胡同|里|大街|大道)[\p{Han}]{0,4}[0-9A-Za-z一二三四五六七八九十]{0,6})"
       R"((?:号|號|座|栋|弄)?[\p{Han}0-9A-Za-z-]{0,24}(?: \d{6}\b)?))"},
      {kHan,
       R"((\p{Han}{2,8}(?:省|市)\p{Han}{1,8}(?:市|区|县)\p{Han}{0,8}(?:路|街|座)[A-Z]?座? ?\d{6}\b))"},
      // 〒150-0002 東京都渋谷区渋谷2丁目21番1号
      {kHan,
       R"(((?:〒? ?\d{3}-\d{4}[ 　]*)?(?:東京都|北海道|京都府|大阪府|\p{Han}{2,3}県))"
       R"([\p{Han}\p{Hiragana}\p{Katakana}ー]{2,24}[ 　]?[0-9０-９一二三四五六七八九十]{1,5})"
       R"((?:丁目|番地?|号|[-－ー−][0-9０-９]{1,4}|[0-9０-９]{1,4}){0,6})"
       R"((?:[ 　]?[\p{Han}\p{Katakana}\p{Hiragana}ー]{1,16}[ 　]?[0-9０-９]{1,4}(?:号室|号|階)?)?))"},
      // 서울특별시 강남구 테헤란로 152
      {kHangul,
       R"(((?:서울|부산|대구|인천|광주|대전|울산|세종|\p{Hangul}{2,4}도)(?:특별시|광역시|시)? )"
       R"((?:\p{Hangul}{1,6}(?:시|군|구) ){1,2}\p{Hangul}{1,10}[0-9]{0,3}(?:로|길|)"
       R"(동)[0-9]{0,4}(?:길)? ?[0-9-]{0,8})"
       R"((?: ?\([\p{Hangul}, 0-9]{2,20}\))?))"},
      // г. Москва, ул. Ленина, д. 5, кв. 12
      {kCyrillic,
       R"(((?:\d{6}, ?)?(?:(?:г\.|город) ?\p{Lu}[\p{Cyrillic}-]+,? )?(?i:ул\.|улица|пр\.|)"
       R"(проспект|пер\.|переулок|наб\.|бульвар|вул\.) ?)"
       R"(\p{Lu}[\p{Cyrillic}-]+(?: \p{Lu}?[\p{Cyrillic}-]+)?,? ?(?:д\.|)"
       R"(дом)? ?\d{1,4}[\p{Cyrillic}]?(?:\b| ))"
       R"((?:(?:/| ?,? ?(?:кв\.|квартира|корп\.|стр\.) ?)\d{1,4}){0,2}(?:, (?:\d{6}|)"
       R"((?:г\. ?)?\p{Lu}[\p{Cyrillic}-]+)){0,3}))"},
  };
}

// Words that a pattern takes for a name.
bool IsNoName(std::string_view value) {
  constexpr std::string_view kNoNames[] = {
      "高中生", "高级",   "程序员", "安全员", "常客",   "金卡",   "白金",   "白领", "金牌",
      "程序",   "任何人", "方便",   "高管",   "石油",   "万能",   "孔子",   "黄金", "田径",
      "于是",   "何时",   "任意",   "向导",   "严重",   "方法",   "江苏人", "金融", "武汉人",
      "林业",   "夏天",   "高手",   "한국인", "정회원", "신입생", "이용자", "고객", "고객님",
      "임직원", "장애인", "유학생", "직장인", "주인",   "전문가", "이웃집", "조카", "유저",
      "지원자", "구매자", "주문자", "신청자", "이사님", "담당자", "여러분", "남자", "문의자",
      "성함",   "배우자", "공무원", "원장",   "진상",   "안녕",   "ничего", "всё",  "это",
      "нет",    "да",     "так",    "не",     "зовут"};
  return std::any_of(std::begin(kNoNames), std::end(kNoNames),
                     [&](std::string_view word) { return value.substr(0, word.size()) == word; });
}

// The rows, compiled once a process: one text may need several of them.
class Table {
 public:
  explicit Table(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      RE2::Options options;
      options.set_max_mem(8 << 20);
      scripts_.push_back(row.script);
      patterns_.push_back(std::make_unique<RE2>(row.pattern, options));
    }
  }

  void Scan(std::string_view text, Found found) const {
    const uint32_t scripts = ScriptsOf(text);
    if (scripts == 0) return;
    for (size_t i = 0; i < patterns_.size(); ++i) {
      if ((scripts & scripts_[i]) != 0) ScanFor(*patterns_[i], text, found);
    }
  }

 private:
  static void ScanFor(const RE2& pattern, std::string_view text, Found found) {
    const re2::StringPiece all(text.data(), text.size());
    re2::StringPiece groups[2];
    for (size_t begin = 0; begin < text.size();) {
      if (!pattern.Match(all, begin, text.size(), RE2::UNANCHORED, groups, 2)) return;
      const auto first = static_cast<size_t>(groups[1].data() - text.data());
      const std::string_view value = text.substr(first, groups[1].size());
      if (!value.empty() && !IsNoName(value)) found(first, first + value.size());
      begin = first + std::max<size_t>(value.size(), 1);
    }
  }

  std::vector<uint32_t> scripts_;
  std::vector<std::unique_ptr<RE2>> patterns_;
};

}  // namespace

void ScanNamesInOtherScripts(std::string_view text, Found found) {
  static const Table& table = *new Table(NameRows());
  table.Scan(text, found);
}

void ScanAddressesInOtherScripts(std::string_view text, Found found) {
  static const Table& table = *new Table(AddressRows());
  table.Scan(text, found);
}

}  // namespace flywheel::redaction
