"""Names and addresses from outside Norway, for tables of our own making.

Drawn from other heads than `detectors/lexicon/names_abroad.csv`: some are on that list, as some
customers' names are, and some are on none.
"""

from __future__ import annotations

from collections.abc import Mapping

ORIGINS: Mapping[str, tuple[str, str]] = {
    "pl": ("Agnieszka Piotr Krzysztof Małgorzata Tomasz Beata Wiesław Bożena Radosław Halina",
           "Kowalczyk Wiśniewski Dąbrowska Zieliński Wojciechowska Krawczyk Pietrzak Grabowska"),
    "lt": ("Jurgita Mindaugas Rasa Vytautas Gintarė Darius Audronė Kęstutis Neringa",
           "Kazlauskas Petrauskienė Jankauskas Stankevičiūtė Butkus Žukauskienė Navickas"),
    "ar": ("Mohammed Fatima Ahmad Layla Khaled Noor Youssef Amal Hanan Tareq",
           "Al-Hassan Haddad Khalil Mansour Saleh Al Rashid Darwish Nasser Barakat"),
    "so": ("Abdi Hodan Mohamud Sahra Liban Ifrah Warsame Fadumo Ayaanle",
           "Warsame Jama Farah Abdullahi Hirsi Mohamed Nur Dirie Egal"),
    "ur": ("Ayesha Imran Bilal Sadia Nadeem Rubina Tahir Zainab Shazia",
           "Iqbal Chaudhry Malik Qureshi Butt Shah Hussain Mahmood Bhatti"),
    "vi": ("Thi Minh Thanh Hoang Linh Quang Huong Duc Nguyet",
           "Nguyen Tran Le Pham Huynh Vo Dang Bui Truong"),
    "tr": ("Mehmet Ayşe Emre Zeynep Hüseyin Gül Yusuf Elif",
           "Yılmaz Demir Çelik Şahin Kaya Öztürk Aydın Kılıç"),
    "ta": ("Kumar Priya Suresh Lakshmi Ravi Anitha Thavarajah Meena",
           "Sivakumar Rajan Krishnan Nadarajah Selvaratnam Balasingam Kandiah"),
    "en": (("Mary James Patricia Robert Jennifer Michael Susan Kenneth Deborah Gregory Tamika Wanda "
           "Curtis Lois Clyde Bernice Randall Yvonne Dwayne Marjorie Trevor Fiona Nigel Shaun"),
           ("Smith Johnson Williams Brown Jones Garcia Miller Davis Hutchinson Whitaker Blackwood "
           "Ferguson Ramsey Thornton Pritchard Ogden Castillo Washington Delaney McAllister")),
    "de": ("Klaus Ursula Jürgen Heike Wolfgang Sabine Dietmar Renate Jochen Anneliese",
           "Müller Schneider Fischer Weber Wagner Schäfer Zimmermann Hoffmann Krüger Kühn Vogt"),
    "es": ("Carmen José Manuel Pilar Antonio Rocío Jesús Montserrat Íñigo",
           "García Fernández López Martínez Sánchez Gutiérrez Muñoz Echeverría Ibáñez"),
    "sv": ("Göran Birgitta Lennart Anneli Björn Åsa Torbjörn Gunilla Mats Ulrika",
           "Andersson Lindqvist Bergström Sjöberg Lundgren Öberg Hedlund Åkesson Wikström"),
    "da": ("Søren Mette Jens Kirsten Niels Lone Flemming Birthe Mogens Pernille",
           "Jensen Nielsen Rasmussen Østergaard Kjær Lauridsen Frandsen Bech Thomsen"),
    "fi": ("Jukka Päivi Timo Riitta Antero Tuula Ville", "Virtanen Korhonen Mäkinen Laine Heikkilä"),
    "ru": ("Olga Sergej Irina Vladimir Oksana Dmytro Svitlana",
           "Ivanova Petrov Shevchenko Kovalenko Bondarenko Smirnov Melnyk"),
    "fr": ("Jean-Pierre Claire Benoît Sylvie Thierry Amélie",
           "Dupont Lefèvre Moreau Girard Fontaine Beaumont"),
    "nl": ("Pieter Anouk Willem Saskia Joost Femke",
           "van der Berg de Vries Jansen van Dijk Bakker ten Hove Visser"),
    "zh": ("Wei Xiaoling Jun Mei Yan Hui", "Wang Zhang Chen Liu Zhou Xu"),
    "am": ("Tesfaye Almaz Yonas Selam Abebe Mulugeta", "Gebremariam Tekle Haile Berhane Asfaw"),
}  # fmt: skip
"""Given names and family names by origin, each as words (particles stand with their name)."""

_PARTICLES = frozenset({"van", "der", "de", "ten", "al"})


def families(origin: str) -> list[str]:
    """The family names of an origin; particles joined to what follows them."""
    names: list[str] = []
    prefix = ""
    for word in ORIGINS[origin][1].split():
        if word.lower() in _PARTICLES:
            prefix += word + " "
        else:
            names.append(prefix + word)
            prefix = ""
    return names


STREETS: Mapping[str, tuple[str, ...]] = {
    "street_de": ("Hauptstraße {n}", "Bahnhofstr. {n}", "Am Alten Markt {n}", "Lindenallee {n}b",
                  "Goethestraße {n}", "Schillerplatz {n}", "Im Winkel {n}"),
    "street_sv": ("Storgatan {n}", "Kungsvägen {n}", "Björkbacken {n}", "Drottninggatan {n} B",
                  "Skolgränd {n}", "Hantverkargatan {n}", "Ringvägen {n}"),
    "street_da": ("Vestergade {n}", "Nørrebrogade {n}, 2. tv", "Skovvej {n}", "Åboulevarden {n}",
                  "Bredgade {n}", "Strandvejen {n} st.", "Kirkestræde {n}"),
    "street_en": ("{n} Main Street", "{n} Oak Avenue", "{n}B Baker St.", "{n} Elm Drive Apt 4",
                  "1{n} Sunset Boulevard", "{n} Hollow Lane", "{n} West 45th Street", "{n} High Rd",
                  "P.O. Box {n}", "{n} Maple Court", "{n} Church Row"),
    "street_fr": ("{n} rue de la Paix", "{n}, avenue Foch", "{n} boulevard Voltaire"),
    "street_pl": ("ul. Długa {n}", "al. Jerozolimskie {n}/4", "ul. Polna {n}"),
}  # fmt: skip
"""How streets are written elsewhere; `{n}` is the house number."""

CITIES: Mapping[str, str] = {
    "city_de": "Berlin Hamburg München Köln Frankfurt Stuttgart Dortmund Bremen Kiel Lübeck Rostock",
    "city_sv": "Stockholm Göteborg Malmö Uppsala Västerås Örebro Linköping Helsingborg Luleå Umeå",
    "city_da": "København Aarhus Odense Aalborg Esbjerg Randers Kolding Horsens Vejle Roskilde",
    "city_en": "London Seattle Boston Portland Denver Leeds Chicago Austin Bristol Memphis Sydney "
    "Toronto Dallas Houston Sacramento Manchester Oakland Tacoma Redmond Kirkland",
    "city_fr": "Paris Lyon Marseille Nantes Strasbourg",
    "city_pl": "Warszawa Kraków Gdańsk Poznań Łódź",
}
"""Towns elsewhere, as words."""
