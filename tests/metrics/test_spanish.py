"""Spanish says one thing by one word: the terms of the field as a table, the reader as "usted", and no word left over."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import words

# the term, and by which words it is said; `*` stands for any ending
TERMS = {
    "handle time": "tiempo* de gestión|tiempo promedio de gestión|gestión de",
    "talk time": "tiempo* de conversación|tiempo promedio de conversación|conversación de",
    "after-call work": "trabajo posterior",
    "service level": "nivel* de servicio",
    "occupancy": "ocupación",
    "adherence": "adherencia|siguió lo indicado",
    "legs?": "tramo*",
    "queues?": "cola*",
    "abandon rate": "tasa de abandono",
    "transfers?": "transferencia*|transferir",
    "service requests?": "solicitud* de servicio",
    "requests (?:created|closed|opened?)": "solicitud*|solo cerradas",
    "departments?": "departamento*",
    "evaluators?": "evaluador*|quien evaluó|quien evalúa",
    "evaluations?": "evaluaci*|autoevaluación",
    "disputes?": "objeci*|objet*",
    "calibration": "calibración",
    "quality scores?": "puntaje* de calidad",
    "items?": "criterio*|mensajes y visitas",
    "auto-fails?": "fallo* automático*",
    "business": "negocio|horas hábiles",
    "compliance": "cumplimiento",
    "roster": "plantilla",
    "shift": "turno",
    "identit(?:y|ies)": "cuadre*|identidad",
    "quarantine[d]?": "cuarentena",
    "review packets?": "expediente* de revisión",
    "target": "meta*",
    "staffed time": "tiempo conectado",
    "flow-outs?": "desvío*",
    "callbacks?": "devoluci*",
    "(?:on|after a|the) hold|hold (?:time|rate)": "retención|retenci*|reten*|retuvo",
    "drawn at random": "sorte*|al azar",
    "median": "median*|solicitud del medio",
    "percentile": "percentil*",
    "snapshot": "instantánea",
    "whole centre": "todo el centro",
}
# words that were used once beside those of the table, or that address the reader as a friend
AVOIDED = (
    "ítem*|manej*|planead*|acompañamiento|descanso*|formación|falla automática|fallas automáticas|habla|vos|tú|tu|tus|"
    "haz|puedes|debes|reporte|reportes|evaluaste|tienes|veredicto*|métrica*|ticket*|dataset*|dashboard*"
)


def pattern(said: str) -> re.Pattern[str]:
    """Whole words; `*` stands for any ending."""
    return re.compile(r"(?<!\w)(?:" + said.replace("*", r"\w*") + r")(?!\w)", re.IGNORECASE)


def translated() -> list[tuple[str, str]]:
    """Every message with its Spanish, one and many."""
    found = []
    for one in words.catalogue("es"):
        if one.id:
            said: Any = one.string
            both = [(one.id, said)] if isinstance(one.id, str) else zip(one.id, said, strict=True)
            found += [(str(english), str(spanish)) for english, spanish in both]
    return found


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_said_by_one_word(term: str) -> None:
    english, spanish = re.compile(rf"(?<![\w{{-])(?:{term})(?![\w}}-])", re.IGNORECASE), pattern(TERMS[term])
    wrong = [f"{one}: {said}" for one, said in translated() if english.search(one) and not spanish.search(said)]
    assert not wrong


def test_no_word_is_used_that_another_has_replaced() -> None:
    avoided = pattern(AVOIDED)
    assert not [said for _english, said in translated() if avoided.search(said)]
