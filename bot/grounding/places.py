"""Countries by their names, adjectives, capitals and best-known cities, so that places can differ.

Moscow and Russia are no two places of one meeting; Moscow and Pyongyang are. A place that is not
listed has no country, and nothing is concluded from it.
"""

from __future__ import annotations

import re
from functools import cache

_COUNTRIES = """
Afghanistan|Afghan|Kabul
Albania|Albanian|Tirana
Algeria|Algerian|Algiers
Angola|Angolan|Luanda
Argentina|Argentine,Argentinian|Buenos Aires
Armenia|Armenian|Yerevan
Australia|Australian|Canberra,Sydney,Melbourne,Brisbane,Perth
Austria|Austrian|Vienna,Salzburg
Azerbaijan|Azerbaijani|Baku
Bahrain|Bahraini|Manama
Bangladesh|Bangladeshi|Dhaka
Belarus|Belarusian|Minsk
Belgium|Belgian|Brussels,Antwerp
Bolivia|Bolivian|La Paz
Bosnia,Bosnia and Herzegovina|Bosnian|Sarajevo
Brazil|Brazilian|Brasilia,Brasília,Rio de Janeiro,Sao Paulo,São Paulo
Bulgaria|Bulgarian|Sofia
Cambodia|Cambodian|Phnom Penh
Cameroon|Cameroonian|Yaounde
Canada|Canadian|Ottawa,Toronto,Montreal,Vancouver,Calgary
Chile|Chilean|Santiago
China|Chinese|Beijing,Shanghai,Guangzhou,Shenzhen,Wuhan
Colombia|Colombian|Bogota,Bogotá
Congo,Democratic Republic of Congo|Congolese|Kinshasa
Costa Rica|Costa Rican|San Jose
Croatia|Croatian|Zagreb
Cuba|Cuban|Havana
Cyprus|Cypriot|Nicosia
Czech Republic,Czechia|Czech|Prague
Denmark|Danish|Copenhagen
Ecuador|Ecuadorian|Quito
Egypt|Egyptian|Cairo,Alexandria,Sharm el-Sheikh
Estonia|Estonian|Tallinn
Ethiopia|Ethiopian|Addis Ababa
Finland|Finnish|Helsinki
France|French|Paris,Marseille,Lyon,Nice,Strasbourg
Georgia|Georgian|Tbilisi,Batumi
Germany|German|Berlin,Munich,Hamburg,Frankfurt
Ghana|Ghanaian|Accra
Greece|Greek|Athens,Thessaloniki
Guatemala|Guatemalan|Guatemala City
Haiti|Haitian|Port-au-Prince
Hungary|Hungarian|Budapest
Iceland|Icelandic|Reykjavik
India|Indian|New Delhi,Delhi,Mumbai,Kolkata,Bangalore,Bengaluru
Indonesia|Indonesian|Jakarta,Bali
Iran|Iranian|Tehran
Iraq|Iraqi|Baghdad,Erbil
Ireland|Irish|Dublin
Israel|Israeli|Jerusalem,Tel Aviv
Italy|Italian|Rome,Milan,Naples,Venice
Ivory Coast|Ivorian|Abidjan
Jamaica|Jamaican|Kingston
Japan|Japanese|Tokyo,Osaka,Hiroshima,Kyoto
Jordan|Jordanian|Amman
Kazakhstan|Kazakh|Astana,Almaty
Kenya|Kenyan|Nairobi
Kosovo|Kosovar|Pristina
Kuwait|Kuwaiti|Kuwait City
Kyrgyzstan|Kyrgyz|Bishkek
Laos|Laotian|Vientiane
Latvia|Latvian|Riga
Lebanon|Lebanese|Beirut
Libya|Libyan|Tripoli
Lithuania|Lithuanian|Vilnius
Luxembourg|Luxembourger|
Malaysia|Malaysian|Kuala Lumpur
Mali|Malian|Bamako
Malta|Maltese|Valletta
Mexico|Mexican|Mexico City
Moldova|Moldovan|Chisinau
Mongolia|Mongolian|Ulaanbaatar
Montenegro|Montenegrin|Podgorica
Morocco|Moroccan|Rabat,Casablanca,Marrakesh
Mozambique|Mozambican|Maputo
Myanmar,Burma|Burmese|Naypyidaw,Yangon
Nepal|Nepalese,Nepali|Kathmandu
Netherlands|Dutch|Amsterdam,The Hague,Rotterdam
New Zealand|New Zealander|Wellington,Auckland
Niger|Nigerien|Niamey
Nigeria|Nigerian|Abuja,Lagos
North Korea,DPRK|North Korean|Pyongyang
North Macedonia|Macedonian|Skopje
Norway|Norwegian|Oslo
Oman|Omani|Muscat
Pakistan|Pakistani|Islamabad,Karachi,Lahore
Panama|Panamanian|Panama City
Paraguay|Paraguayan|Asuncion
Peru|Peruvian|Lima
Philippines|Philippine,Filipino|Manila
Poland|Polish|Warsaw,Krakow
Portugal|Portuguese|Lisbon,Porto
Qatar|Qatari|Doha
Romania|Romanian|Bucharest
Russia|Russian|Moscow,St Petersburg,St. Petersburg,Vladivostok,Sochi,Kremlin
Rwanda|Rwandan|Kigali
Saudi Arabia|Saudi,Saudi Arabian|Riyadh,Jeddah,Mecca
Senegal|Senegalese|Dakar
Serbia|Serbian|Belgrade
Singapore|Singaporean|
Slovakia|Slovak|Bratislava
Slovenia|Slovenian|Ljubljana
Somalia|Somali|Mogadishu
South Africa|South African|Pretoria,Johannesburg,Cape Town
South Korea|South Korean|Seoul,Busan
Spain|Spanish|Madrid,Barcelona
Sri Lanka|Sri Lankan|Colombo
Sudan|Sudanese|Khartoum
Sweden|Swedish|Stockholm
Switzerland|Swiss|Bern,Geneva,Zurich,Davos
Syria|Syrian|Damascus
Taiwan|Taiwanese|Taipei
Tajikistan|Tajik|Dushanbe
Tanzania|Tanzanian|Dodoma,Dar es Salaam
Thailand|Thai|Bangkok
Tunisia|Tunisian|Tunis
Turkey,Türkiye|Turkish|Ankara,Istanbul
Turkmenistan|Turkmen|Ashgabat
Uganda|Ugandan|Kampala
Ukraine|Ukrainian|Kyiv,Kiev,Lviv,Odesa,Kharkiv
United Arab Emirates,UAE,Emirates|Emirati|Abu Dhabi,Dubai
United Kingdom,UK,U.K.,Britain,Great Britain,England,Scotland,Wales|British|London,Belfast,Cardiff
United States,US,U.S.,USA,America|American|Washington,White House,New York,Camp David
Uruguay|Uruguayan|Montevideo
Uzbekistan|Uzbek|Tashkent
Vatican,Holy See,Vatican City||
Venezuela|Venezuelan|Caracas
Vietnam|Vietnamese|Hanoi,Ho Chi Minh City
Yemen|Yemeni|Sanaa
Zambia|Zambian|Lusaka
Zimbabwe|Zimbabwean|Harare
"""
_SPACE = re.compile(r"\s+")


@cache
def _index() -> dict[str, str]:
    index: dict[str, str] = {}
    for line in _COUNTRIES.strip().splitlines():
        names, adjectives, cities = (part.split(",") for part in line.split("|"))
        index |= {name.lower(): names[0] for name in [*names, *adjectives, *cities] if name}
    return index


@cache
def _adjectives() -> frozenset[str]:
    lines = _COUNTRIES.strip().splitlines()
    return frozenset(word.lower() for line in lines for word in line.split("|")[1].split(","))


def country(name: str) -> str | None:
    """The country of a place or an adjective, in one spelling; None for any other name."""
    return _index().get(_SPACE.sub(" ", name).strip().lower().removeprefix("the "))


def is_adjective(name: str) -> bool:
    """Whether the name says whose, not where: Russian, North Korean."""
    return name.lower() in _adjectives()
