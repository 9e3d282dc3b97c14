"""Lists that the fillers of templates are drawn from, of our own."""

# Locale: how often it is drawn. Western chat first, and all the alphabets with capitals.
LOCALES = {
    "en_US": 12,
    "en_GB": 7,
    "en_AU": 3,
    "en_CA": 3,
    "en_IE": 2,
    "en_IN": 4,
    "en_NZ": 2,
    "en_PK": 2,
    "en_NG": 2,
    "en_KE": 2,
    "de_DE": 6,
    "de_AT": 3,
    "de_CH": 2,
    "fr_FR": 5,
    "fr_CH": 2,
    "es_ES": 5,
    "es_MX": 4,
    "es_AR": 2,
    "it_IT": 5,
    "pt_BR": 4,
    "pt_PT": 2,
    "nl_NL": 4,
    "nl_BE": 2,
    "sv_SE": 3,
    "da_DK": 3,
    "no_NO": 3,
    "fi_FI": 3,
    "is_IS": 2,
    "pl_PL": 3,
    "cs_CZ": 2,
    "sk_SK": 1,
    "hu_HU": 2,
    "ro_RO": 2,
    "hr_HR": 2,
    "sl_SI": 2,
    "tr_TR": 2,
    "id_ID": 2,
    "fil_PH": 1,
    "vi_VN": 2,
    "lt_LT": 1,
    "lv_LV": 1,
    "et_EE": 1,
    "zu_ZA": 1,
    "ru_RU": 1,
    "uk_UA": 1,
    "bg_BG": 1,
}
LANGUAGE_LOCALES = {
    "de": ["de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_CH"],
    "es": ["es_ES", "es_MX"],
    "it": ["it_IT"],
    "pt": ["pt_BR", "pt_PT"],
    "nl": ["nl_NL", "nl_BE"],
    "sv": ["sv_SE"],
    "da": ["da_DK"],
    "pl": ["pl_PL"],
    "tr": ["tr_TR"],
    "cs": ["cs_CZ"],
    "fi": ["fi_FI"],
    "ru": ["ru_RU"],
    "uk": ["uk_UA"],
    "bg": ["bg_BG"],
}
# Written in other letters at home, and in ours abroad: transliterated, by hand.
FAR_GIVEN = """Wei Li Jing Min Hui Xin Yan Jun Ming Hao Lei Fang Na Qiang Ling Mei Xiao Hong Tao Yu
Hiroshi Takashi Kenji Yuki Haruka Sakura Akiko Kazuo Naoko Emi Satoshi Ren Mio Yoko Taro Jiro
Minjun Seojun Jiwoo Soyeon Hyun Jisoo Eunji Sangho Youngho Minji Mohammed Ahmad Omar Khalid
Fatima Aisha Layla Hassan Hussein Yusuf Ibrahim Zainab Mariam Salma Tariq Samir Nadia Rania Ali
Priya Rahul Ananya Arjun Vikram Deepa Lakshmi Ravi Sanjay Sunita Kavita Amit Neha Pooja Rajesh
Sergei Dmitri Ivan Olga Natalia Svetlana Boris Yuri Andrei Irina Tatiana Oleg Pavel Katya Anton
Kwame Ama Kofi Abena Chinedu Ngozi Oluwaseun Adaeze Thabo Sipho Nomsa Tendai Amara Zola Babajide
Giorgos Eleni Kostas Maria Dimitris Sofia Nikos Yiannis Katerina Somchai Nattaya
Ploy Anong""".split()
FAR_SURNAMES = """Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo
Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki
Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Al-Farsi Haddad Khoury Mansour Nasser Rahman
Hussain Malik Siddiqui Chaudhry Sharma Verma Gupta Singh Kumar Patel Reddy Iyer Nair Mukherjee Das
Ivanov Petrov Smirnov Kuznetsova Popova Sokolov Lebedev Kozlova Novikov Morozova Volkov Pavlova
Mensah Owusu Okafor Adeyemi Eze Nkosi Dlamini Moyo Diallo Traore Papadopoulos Georgiou Nguyen Tran
Pham Hoang Vo Dang Bui Chaiyasit Suwan Santos Reyes Cruz""".split()
COMPANY_WORDS = """Logistics Systems Foods Motors Airlines Bank Insurance Partners Consulting Media
Energy Pharma Textiles Robotics Software Studios Holdings Capital Steel Paper Shipping Travel
Electric Water Dental Legal Realty Brewing Farms Labs Analytics Telecom Networks""".split()
COMPANY_ENDS = [
    "Inc",
    "Inc.",
    "Ltd",
    "Ltd.",
    "LLC",
    "GmbH",
    "AG",
    "Corp",
    "Corporation",
    "Group",
    "plc",
    "S.A.",
    "B.V.",
    "& Co",
    "& Sons",
    "Company",
    "SARL",
    "S.p.A.",
    "Pty Ltd",
]
INSTITUTES = [
    "University of {t}",
    "{t} University",
    "{t} General Hospital",
    "Bank of {t}",
    "{t} City Council",
    "{t} High School",
    "St. {f}'s Hospital",
    "{t} Police Department",
    "{t} Airport Authority",
    "Museum of {t}",
    "{t} Symphony Orchestra",
    "FC {t}",
    "{t} United",
    "{l} Foundation",
    "{l} {w}",
    "{l}, {m} and {l}",
    "{l}-{m}",
    "{l} & {m}",
    "{l} {w} {e}",
    "{t} {w} {e}",
    "{l} {e}",
    "{l}, {m} & Partners",
    "{l} Clinic",
]
NATIONALITIES = (
    """American British Canadian Australian German French Spanish Italian Portuguese Dutch
Belgian Swiss Austrian Swedish Danish Norwegian Finnish Polish Czech Hungarian Greek Turkish Russian
Ukrainian Chinese Japanese Korean Vietnamese Thai Indian Pakistani Iranian Iraqi Syrian Egyptian
Moroccan Nigerian Kenyan Ghanaian Ethiopian Brazilian Mexican Argentinian Chilean Colombian Peruvian
Cuban Irish Scottish Welsh Israeli Lebanese Afghan Filipino Indonesian Malaysian Romanian Bulgarian
Croatian Serbian European African Asian Arab Latvian Estonian Lithuanian Icelandic""".split()
)
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LOCAL_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro "
    "outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
# Of persons who are known for things that bear their names.
EPONYMS = """Fourier Laplace Gauss Euler Bayes Markov Poisson Bernoulli Cauchy Hilbert Riemann
Fermat Pascal Newton Leibniz Lagrange Hamilton Jacobi Taylor Maclaurin Chebyshev
Kolmogorov Shannon Turing Church Dijkstra Huffman Hamming Nyquist Boltzmann Maxwell
Planck Bohr Heisenberg Pauli Dirac Fermi Einstein Curie Kelvin Celsius Fahrenheit
Rankine Watt Volt Ampere Ohm Faraday Henry Tesla Weber Hertz Joule Coulomb Siemens
Becquerel Sievert Gray Richter Mohs Beaufort Rockwell Bunsen Petri Erlenmeyer Geiger
Doppler Hubble Kepler Copernicus Galileo Cassini Webb Halley Otto Wankel Stirling
Carnot Rankine Diesel Bessemer Haber Bosch Fischer Tropsch Krebs Golgi Langerhans
Fallopian Eustachian Achilles Hodgkin Alzheimer Parkinson Huntington Crohn Down
Tourette Asperger Raynaud Addison Cushing Graves Hashimoto Ebola Pasteur Salmonella
Lyme Nobel Pulitzer Booker Fields Abel Grammy Oscar Emmy Tony Heimlich Rorschach
Pavlov Freud Maslow Murphy Moore Amdahl Conway Brooks Occam Pareto Gini Nash Zeno
Archimedes Pythagoras Euclid Venn Wilson Lincoln Jefferson Washington Madison
Jackson Monroe Clinton Eiffel Chrysler Rockefeller Carnegie Guggenheim Getty
Smithson Hoover Kennedy Heathrow Gatwick Logan Caesar Napoleon Wellington Benedict
Margherita Melba Suzette Stroganoff Caesarean Waldorf Reuben Sandwich Cobb Earl
Victoria Mornay Tartare Bolognese Carpaccio Bellini Collins Daiquiri Martini Jenkins
Hudson Alexa Siri Claude Watson Cortana Bixby Gemini Travis Jasmine Gatsby Sinatra
Cassandra Chanel Dior Gucci Prada Versace Armani Lauren Hilfiger Klein Kors Vuitton
Cartier Rolex Levi Wrangler Dyson Philips Miele Braun Bosch Makita Stanley Gillette
Nestle Cadbury Hershey Mars Kellogg Heinz Campbell Kraft Unilever Johnson Procter
Colgate Ford Chevrolet Dodge Buick Cadillac Bentley Royce Ferrari Maserati
Lamborghini Porsche Benz Mercedes Citroen Peugeot Renault Honda Suzuki Toyota Mazda
Fargo Morgan Chase Goldman Sachs Merrill Lynch Barclays Lloyds Santander Deloitte
Macy Nordstrom Sainsbury Tesco Morrisons Lidl Walmart Wendy Arby Denny Domino Hilton
Marriott Hyatt Sheraton Canaveral Kilimanjaro Everest Matterhorn Baikal Ontario
Huron Erie Hood Rainier McKinley Denali Orleans Houston Dallas Austin Denver Phoenix
Charlotte Raleigh Columbus Florence Sydney Adelaide Alice Perth Darwin Victoria
Vancouver Regina Windsor Kingston Lourdes Chelsea Brooklyn Madison Katrina Sandy
Irma Harvey Ian Andrew Camille Hugo Mario Luigi Zelda Sonic Lara Nemo Simba Shrek
Romeo Juliet Hamlet Othello Carmen Tosca Evita Annie Matilda Oliver Emma Rebecca
Lolita Dracula Frankenstein Sherlock Rapunzel Cinderella Pinocchio Barbie Elsa Moana
Mulan""".split()
JOBS = """teacher nurse lawyer accountant plumber carpenter manager director engineer driver cook
painter farmer dentist architect librarian pilot journalist translator baker electrician chemist
project manager|sales director|chief executive officer|Chief Financial Officer|Account Manager|
Head of Marketing|Senior Developer|Vice President|Product Owner|HR Manager|Research Assistant|CEO|
Software Engineer|Customer Success Manager|Physician Assistant|Team Lead|Quantity Surveyor|
Principal Engineer""".replace("\n", " ")
JOBS = [
    j.strip()
    for part in JOBS.split("project manager|")
    for j in (part.split("|") if "|" in part else part.split())
] + ["project manager"]
