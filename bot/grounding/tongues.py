"""What tells a model what to do in languages other than English: the same cues as in `cues`.

Three families, as patterns over imperatives and the second person, so that a report that somebody
ignored the rules carries none: to drop its instructions, to reply so, and to take a role. Where a
language puts its verb last, the noun comes first.
"""

from __future__ import annotations

from unicodedata import normalize

NAME = "tells a model what to do, in another language"

# Where an imperative can begin, also behind a word that asks for it.
_START = (
    r"(?:^|[.!?:;,…，、。！？\"“”«»(\n–—-]\s*|\b(?:bitte|jetzt|nun|por favor|s'il (?:vous|te) "
    r"pla[iî]t|per favore|"
    r"alsjeblieft|proszę|prosím|пожалуйста|будь ласка|lütfen|vänligen|venligst|och|und|et|y|e|i|"
    r"и)\s+)"
)

_END = r"(?![a-z\u00df-\u024f\u0430-\u044f])"  # of a word, in scripts that put spaces between them

# Imperatives that drop, and what is dropped: in the order of speech.
_DROPPED = {
    r"ignoriere?(?:n sie|t)?|vergiss|vergesst|vergessen sie|missachte(?:n sie)?": (
        r"(?:anweisung|befehl|regel|vorgabe|instruktion|aufforderung)\w*|alles,? was"
    ),
    r"ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez) pas compte": (
        r"(?:instructions|consignes|directives|règles)"
    ),
    r"ignor(?:a|e|en|ad|eu)|olvid(?:a|e|ad)|omit(?:e|a)|descart(?:a|e)|oblida": (
        r"(?:instrucciones|indicaciones|órdenes|reglas|instruccions)"
    ),
    r"ignor(?:a|ate|i)|dimentica(?:te)?|trascura": r"(?:istruzioni|indicazioni|regole|direttive)",
    r"ignor[ea]|desconsidere|esque(?:ça|ce)": r"(?:instruções|regras|orientações|ordens)",
    r"negeer|vergeet": r"(?:instructies|opdrachten|regels|aanwijzingen)",
    r"ignorera|glöm|bortse från": r"(?:instruktion|anvisning|regl|order)\w*",
    r"ignor[eé]r|ignoser|glem|se bort fra": r"(?:instru[kc][st]|anvisning|regl|ordre)\w*",
    r"unohda|ohita|jätä huomiotta": r"(?:ohje|käsky|sääntö|säännö)\w*",
    r"(?:z?ignoruj|zapomnij|pomiń)(?:cie)?": r"(?:instrukcj|poleceni|zasad|wytyczn)\w*",
    r"(?:ignoruj|zapomeň|zabudni)(?:te)?": r"(?:pokyn|instrukc|inštrukc|příkaz|príkaz|pravid)\w*",
    r"hagyd figyelmen kívül|felejtsd el": r"(?:utasítás|szabály)\w*",
    r"ignor(?:ă|ați)|uit(?:ă|ați)": r"(?:instrucțiun|indicați|regul)\w*",
    r"игнорирай|забрави|пренебрегни": r"(?:инструкци|указани|правил|команд)\w*",
    r"(?:про)?(?:игнорируй|забудь)(?:те)?|не обращай(?:те)? внимания": (
        r"(?:инструкц|указани|команд|правил)\w*"
    ),
    r"(?:про)?(?:ігноруй|забудь)(?:те)?": r"(?:інструкц|вказівк|команд|правил)\w*",
    r"αγνό?ησ(?:ε|τε)|αγνοήστε|ξέχ(?:να|ασε)": r"(?:οδηγίες|εντολές|κανόνες)",
    r"התעלם|התעלמי|שכח": r"\S{0,2}(?:הוראות|הנחיות|פקודות)",
    r"تجاهل|انس": r"(?:التعليمات|الأوامر|الإرشادات)",
    r"abaikan|lupakan": r"(?:instruksi|perintah|arahan|aturan)",
    r"bỏ qua|(?:hãy )?quên": r"(?:hướng dẫn|chỉ dẫn|mệnh lệnh|quy tắc)",
    r"ละเว้น|เพิกเฉย|ลืม|ไม่ต้องสนใจ": r"(?:คำสั่ง|คำแนะนำ)",
    r"puuza|sahau": r"(?:maagizo|maelekezo)",
    r"(?:请|請)?(?:忽略|无视|無視|忘记|忘記|不要理会)": (
        r"(?:指令|指示|提示|说明|規則|规则|命令|(?:以上|之前|上面|前面)\w{0,4}内容)"
    ),
}
# Languages whose verb comes last.
_LAST = (
    r"(?:指示|命令|プロンプト|指令|ルール)[^。！？]{0,10}(?:無視|忘れ)(?:し(?:て|ろ|なさい)|て|ろ|"
    r"なさい|せよ)",
    r"(?:지시|명령|프롬프트|규칙)[^.!?]{0,8}(?:무시|잊)\w*(?:세요|시오|라|해)",
    r"(?:talimat|komut|yönerge|yonerge|kural)\w*[^.!?]{0,20}(?:yok say|unut|görmezden gel|"
    r"gormezden gel|"
    r"dikkate alma)(?:ın|in|ınız|yın)?(?=\W|$| ve)",
    r"(?:निर्देश|आदेश)[^.!?।]{0,12}(?:अनदेखा|नज़रअंदाज़|भूल)",
    r"(?:دستور|فرمان)[^.!?؟]{0,25}(?:نادیده بگیر|فراموش کن)",
)

# Who speaks to an assistant of its reply, has it reply in one way, or gives it a role.
_REPLIES = (
    r"\bin (?:deine[rmn]?|ihrer) (?:antwort|zusammenfassung|ausgabe)\b",
    r"\bdans (?:ta|votre) (?:réponse|synthèse)\b|\bdans (?:ton|votre) résumé\b",
    r"\ben (?:tu|su) (?:respuesta|resumen)\b[^.!?]{0,20}\b(?:di|diga|que|menciona|escribe)\b",
    r"\b(?:escribe|menciona|di|incluye|escriba|incluya) (?:\w+ )?en tu (?:respuesta|resumen)\b",
    r"\bnella tua (?:risposta|sintesi)\b|\bnel tuo riassunto\b",
    r"\bna (?:sua|tua) resposta\b|\bno (?:seu|teu) resumo\b",
    r"\bin je (?:antwoord|samenvatting)\b|\bi (?:ditt|dit) svar\b|\bw swojej odpowiedzi\b",
    r"\bв (?:сво[её]м|тво[её]м) (?:ответе|резюме)\b|\bу своїй відповіді\b",
    r"在(?:你的|您的)?(?:回答|回复|回覆|摘要|总结|總結)(?:中|里|裡)|(?:只|仅|僅)(?:回答|回复|回覆|"
    r"输出|輸出)",
    r"(?:回答|要約|返答)(?:では|には|に|は)[^。！？]{0,30}(?:ください|なさい|せよ)",
)
_ONLY = (
    r"antworte(?:n sie)? (?:nur|ausschließlich|immer|stets)\b",
    r"répond(?:s|ez) (?:uniquement|seulement|toujours|par)",
    r"respond(?:e|a) (?:s[oó]lo|solamente|únicamente|siempre|apenas|somente)",
    r"rispond(?:i|ete|a) (?:solo|soltanto|sempre|unicamente)",
    r"antwoord (?:alleen|altijd)|svara (?:bara|endast|alltid)|svar (?:kun|bare|altid|alltid)",
    r"odpowiadaj (?:tylko|zawsze)|odpověz (?:pouze|jen)|отвечай(?:те)? (?:только|всегда)",
)
_ROLES = (
    r"\b(?:du bist|sie sind) (?:jetzt|nun|ab jetzt|ab sofort) (?:ein|eine|kein)\b",
    r"\btu es (?:maintenant|désormais) |\bvous êtes (?:maintenant|désormais) une? ",
    r"\b(?:ahora|a partir de ahora,?) eres |\b(?:eres|usted es) ahora (?:un|una)\b",
    r"\b(?:ora sei|sei ora|d'ora in poi sei) |\bagora (?:você é|és) |\bje bent (?:nu|vanaf nu) "
    r"een\b",
    r"\bjesteś teraz |\b(?:теперь ты|ты теперь) |\bdu är nu en |\bdu er nå en |\bdu er nu en ",
    r"(?:你|您)(?:现在|現在|从现在起|從現在起)(?:是|扮演)|[从從](?:现在|現在)(?:起|开始|"
    r"開始)[,，]?(?:你|您)|あなたは(?:今|これ)から|"
    r"これからは?[^。！？]{0,12}として",
    r"\bals (?:ki|sprachmodell|assistent)\S*[^.!?]{0,20}\b(?:musst|sollst|darfst|müssen sie) "
    r"?(?:du)?",
    r"\ben tant que (?:modèle|assistant|ia\b|intelligence)[^.!?]{0,30}\b(?:tu|vous)\b",
    r"\bcomo (?:modelo de lengua|asistente|inteligencia)[^.!?]{0,30}\b(?:debes|tienes|debe|di)\b",
    r"\bкак языковая модель[^.!?]{0,20}\bты\b|作为(?:一个|一個)?(?:AI|人工智能|语言模型|語言模型|"
    r"助手)",
)

_BEGUN = "|".join(
    (*(rf"(?:{verb}){_END}[^.!?。！？؟]{{0,50}}?{what}" for verb, what in _DROPPED.items()), *_ONLY)
)
# Few and long, since each sentence is searched for all; as the text that they are looked for in is.
PATTERNS = tuple(
    normalize("NFKC", pattern)
    for pattern in (rf"{_START}(?:{_BEGUN})", "|".join((*_LAST, *_REPLIES, *_ROLES)))
)
