"""Short news articles in twelve languages, made for this project, each with a question about it.

Two articles a language, so that the language alone does not tell which one a question is about.
`question` is in the article's language and shares few words with it; `english` asks the same.
"""
# ruff: noqa: E501 - the lines are text

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ForeignArticle:
    language: str
    text: str
    question: str
    english: str


ARTICLES = tuple(
    ForeignArticle(*parts)
    for parts in (
        (
            "de",
            "Nach dem Hochwasser an der Lune hat die Stadtverwaltung am Dienstag die alte Brücke für "
            "den Verkehr gesperrt. Fachleute sollen in den nächsten Tagen die Pfeiler untersuchen.",
            "Warum dürfen Autos nicht mehr über den Fluss fahren?",
            "Why may cars no longer cross the river?",
        ),
        (
            "de",
            "Die Gewerkschaft hat die Beschäftigten der Verkehrsbetriebe für Freitag zum Warnstreik "
            "aufgerufen. Sie fordert acht Prozent mehr Lohn und kürzere Schichten.",
            "Wie viel mehr Geld verlangen die Busfahrer?",
            "How large a pay rise do the bus drivers ask for?",
        ),
        (
            "fr",
            "Le musée municipal a retrouvé un tableau volé il y a trente ans. La toile avait été "
            "cachée dans le grenier d'une ferme, où un notaire l'a découverte en dressant un inventaire.",
            "Où se trouvait l'œuvre d'art disparue ?",
            "Where was the missing work of art found?",
        ),
        (
            "fr",
            "Une panne d'électricité a plongé le sud du pays dans le noir pendant quatre heures "
            "dimanche soir. Selon le gestionnaire du réseau, un transformateur avait pris feu.",
            "Quelle est la cause de la coupure de courant ?",
            "What caused the blackout?",
        ),
        (
            "es",
            "Los bomberos lograron apagar el lunes el incendio que había quemado dos mil hectáreas de "
            "bosque en la sierra. Ochocientos vecinos pudieron volver a sus casas por la noche.",
            "¿Cuántas personas regresaron a su hogar tras el fuego?",
            "How many people returned home after the wildfire?",
        ),
        (
            "es",
            "El banco central mantuvo sin cambios los tipos de interés y avisó de que la inflación "
            "tardará más de lo previsto en bajar. La decisión fue unánime.",
            "¿Qué decidió la autoridad monetaria?",
            "What did the central bank decide on interest rates?",
        ),
        (
            "it",
            "Il treno ad alta velocità tra le due città entrerà in servizio a marzo, con sei corse al "
            "giorno. Il viaggio durerà un'ora e dieci minuti, la metà di adesso.",
            "Quando comincia il nuovo collegamento ferroviario?",
            "When does the fast railway link open?",
        ),
        (
            "it",
            "La vendemmia di quest'anno è la più scarsa degli ultimi vent'anni: la siccità e la "
            "grandine hanno distrutto un terzo dell'uva, dicono i produttori.",
            "Perché si farà poco vino?",
            "Why will there be little wine this year?",
        ),
        (
            "pt",
            "A vacina contra a dengue começou a ser aplicada nas escolas da capital na quarta-feira. O "
            "governo espera imunizar duzentas mil crianças até ao fim do ano.",
            "Quem está a receber a injeção contra a doença dos mosquitos?",
            "Who is being vaccinated against the mosquito-borne disease?",
        ),
        (
            "pt",
            "Os pescadores do norte dizem que o preço do gasóleo os obriga a ficar em terra. Metade "
            "da frota não saiu do porto esta semana.",
            "Por que razão há barcos parados?",
            "Why are fishing boats staying in harbour?",
        ),
        (
            "nl",
            "De gemeente wil vanaf volgend jaar geen oude dieselauto's meer in het centrum. Bewoners "
            "krijgen een vergoeding als zij hun wagen inruilen.",
            "Welke voertuigen worden uit de binnenstad geweerd?",
            "Which vehicles will be banned from the city centre?",
        ),
        (
            "nl",
            "Een jonge walvis die zondag was aangespoeld op het strand is door vrijwilligers weer naar "
            "zee gebracht. Het dier was uitgeput maar niet gewond.",
            "Hoe liep het af met het zeezoogdier?",
            "What happened to the stranded whale?",
        ),
        (
            "pl",
            "Rząd zapowiedział budowę pierwszej elektrowni jądrowej na wybrzeżu. Prace mają ruszyć za "
            "dwa lata, a koszt inwestycji oszacowano na dwadzieścia miliardów.",
            "Ile pieniędzy pochłonie siłownia atomowa?",
            "How much will the nuclear plant cost?",
        ),
        (
            "pl",
            "Nauczyciele rozpoczęli w poniedziałek protest przeciwko nowemu programowi nauczania. "
            "Lekcje odwołano w ponad trzystu szkołach.",
            "Dlaczego uczniowie nie mają zajęć?",
            "Why were lessons cancelled?",
        ),
        (
            "ru",
            "Учёные обнаружили в озере новый вид рыбы, который живёт на глубине более тысячи метров. "
            "Он не имеет глаз и питается мелкими рачками.",
            "Что найдено на дне водоёма?",
            "What was discovered deep in the lake?",
        ),
        (
            "ru",
            "Аэропорт столицы был закрыт на пять часов из-за густого тумана. Более сорока рейсов "
            "перенесли на следующий день.",
            "Почему самолёты не вылетели вовремя?",
            "Why were the planes delayed?",
        ),
        (
            "tr",
            "Depremde hasar gören hastane iki yıl süren onarımın ardından perşembe günü yeniden "
            "açıldı. Binada artık dört yüz yatak var.",
            "Sağlık kurumu ne zaman tekrar hizmete girdi?",
            "When did the repaired hospital open again?",
        ),
        (
            "tr",
            "Milli takım, son dakikada atılan golle finale yükseldi. Teknik direktör, oyuncuların "
            "maç boyunca sabırlı davrandığını söyledi.",
            "Ekip turu nasıl geçti?",
            "How did the national side reach the final?",
        ),
        (
            "ar",
            "أعلنت وزارة المياه أن السد الجديد امتلأ بالكامل لأول مرة منذ افتتاحه. وسيوفر المشروع مياه "
            "الري لمئة ألف مزارع.",
            "كم فلاحا سيستفيد من الخزان؟",
            "How many farmers will the reservoir serve?",
        ),
        (
            "ar",
            "أوقفت الشرطة ثلاثة رجال حاولوا تهريب آثار قديمة عبر المطار. وكانت القطع مخبأة داخل أجهزة "
            "موسيقية.",
            "أين أخفيت التحف؟",
            "Where were the antiquities hidden?",
        ),
        (
            "zh",
            "受台风影响，沿海三个城市周二停课停工，约五十万居民被转移到安全地带。气象部门预计风力将在周四减弱。",
            "有多少人因风暴离开家园？",
            "How many people left home because of the storm?",
        ),
        (
            "zh",
            "一家电池企业宣布在西部建设新工厂，投资八十亿元，预计两年后投产，将提供六千个就业岗位。",
            "新厂会雇用多少工人？",
            "How many jobs will the battery factory bring?",
        ),
        (
            "ja",
            "北部の町で三十年ぶりに小学校が新設され、四月に児童百二十人が入学する。子育て世帯の移住が増えたためだ。",
            "なぜ新しい学びの場が必要になったのか。",
            "Why does the town need a new primary school?",
        ),
        (
            "ja",
            "探査機が小惑星に着陸し、岩石の採取に成功したと宇宙機関が発表した。試料は三年後に地球へ届く見込みだ。",
            "石のかけらはいつ届くのか。",
            "When will the rock samples reach the Earth?",
        ),
    )
)
