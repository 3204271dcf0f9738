"""A whole case as a board would get it, invented: for the tests of its paper."""

from collections.abc import Iterator
from decimal import Decimal

from businesscase import guide
from businesscase.domain.content import (
    AssumptionItem,
    BenefitItem,
    CaseContent,
    CostItem,
    Estimate,
    InterestedItem,
    Known,
    MeasureItem,
    PhaseFact,
    RiskItem,
)
from businesscase.domain.months import parse_month

D = Decimal
FIRST = parse_month("2027-01")


def _costs() -> Iterator[CostItem]:
    rows = (
        ("Project manager, three days a week", "own people", 1, "once", 0, 21, (240, 265, 310), 420, "Rates of finance 2027"),
        ("Process owners and their deputies", "own people", 1, "once", 2, 6, (120, 150, 210), 420, "Talks with line managers"),
        ("Process owners and their deputies", "own people", 2, "once", 7, 12, (180, 220, 300), 420, "Same"),
        ("Process owners and their deputies", "own people", 3, "once", 12, 19, (150, 190, 260), 420, "Same"),
        ("Running the SMS after the last gate", "own people", 4, "monthly", 21, None, (8, 9, 12), 420, "Two posts in part"),
        ("Consultant for design and reviews", "people outside", 1, "once", 1, 6, (20, 24, 32), 1150, "Offer of November 2026"),
        ("Consultant for design and reviews", "people outside", 2, "once", 7, 12, (24, 30, 40), 1150, "Offer of November 2026"),
        ("Legal advice on supplier contracts", "people outside", 2, "once", 8, 11, (6000, 9000, 14000), None, "Estimate of the lawyer"),
        ("Service desk tool, setting up", "technology", 1, "once", 3, 5, (18000, 24000, 36000), None, "Three offers"),
        ("Service desk tool, licences", "technology", 1, "yearly", 4, None, (12400, 13200, 15000), None, "Price list 2027"),
        ("Discovery of configuration items", "technology", 2, "once", 9, None, (20000, 24000, 30000), None, "Two offers"),
        ("Foundation training, 22 people", "training", 1, "once", 2, 3, (9900, 11000, 12100), None, "Catalogue price"),
        ("Training of internal auditors, 3 people", "training", 3, "once", 14, None, (4200, 4800, 5400), None, "Catalogue price"),
        ("Certification, stages 1 and 2", "certification", 3, "once", 20, 21, (12000, 14000, 17000), None, "Offer of the body"),
        ("Surveillance audits", "certification", 4, "yearly", 33, None, (4500, 5000, 5500), None, "Offer of the body"),
        ("Workshops in Rostock", "travel", 2, "monthly", 7, 12, (300, 400, 600), None, "Trips of 2026"),
    )  # fmt: skip
    for number, (title, category, phase, rhythm, first, last, points, rate, source) in enumerate(rows, start=1):
        yield CostItem(
            f"C-{number:02}", title, category, phase, rhythm, FIRST + first, None if last is None else FIRST + last,
            Estimate(*map(D, points)), D(rate) if rate else None, source=source,
        )  # fmt: skip


def _benefits() -> Iterator[BenefitItem]:
    rows = (
        ("2", "Fewer calls at the desk, answered at once", 1, 8, 6, (3200, 4600, 5600), 80, "Head of desk"),
        ("1", "Fewer major incidents", 2, 14, 6, (2400, 4200, 6000), 80, "Head of hosting"),
        ("4", "Supplier contracts with targets and credits", 2, 15, 3, (3000, 4500, 5200), 50, "Finance"),
        ("8", "Licences that nobody uses are given back", 2, 13, 0, (1800, 2200, 2500), 100, "Finance"),
        ("2", "Less work after failed changes", 3, 18, 6, (4000, 6000, 8200), 80, "Head of hosting"),
        ("7", "Hosting contracts extended without a tender", 3, 24, 0, (5000, 9000, 12000), 50, "Director"),
    )
    for number, (kind, title, phase, first, ramp, points, confidence, who) in enumerate(rows, start=1):
        yield BenefitItem(
            f"B-{number:02}", kind, "figures", title, phase, estimate=Estimate(*map(D, points)), from_month=FIRST + first,
            ramp_months=ramp, confidence=D(confidence) / 100, confirmed_by=who,
        )  # fmt: skip
    words = (
        ("6", "Customers are content again", "Satisfaction, yearly survey", "3.1 of 5", "3.8 of 5", "Customer board"),
        ("3", "Services follow the strategy of the group", "Services with an agreed plan", "2 of 9", "9 of 9", "Director"),
        ("5", "Requests are answered in the time agreed", "Requests in time", "71 %", "92 %", "Head of desk"),
    )
    for number, (kind, title, indicator, baseline, target, who) in enumerate(words, start=7):
        yield BenefitItem(
            f"B-{number:02}", kind, "words", title, 3, indicator=indicator, baseline=baseline, target=target, confirmed_by=who
        )  # fmt: skip


def _risks() -> Iterator[RiskItem]:
    rows = (
        ("Process owners get no time", "organizational change", "Line managers need them for daily work", 4, 3, "reduce", "Roster signed by the head of hosting before phase 1", None, "Ines Albers", 2, 3),
        ("Suppliers refuse the new contract terms", "financial", "Contracts run until 2029", 3, 4, "reduce", "Talks one quarter before each yearly date; the report is bought instead where they refuse", 9000, "Łukasz Żółć", 2, 3),
        ("Release management rests on one person", "organizational change", "Nobody else knows the tool", 3, 3, "reduce", "A deputy is trained until May", 4800, "R. Brandt", 1, 3),
        ("Savings stay on paper", "financial", "Hours saved are not taken out of rosters", 3, 3, "reduce", "Finance confirms each benefit by month", None, "Finance", 2, 2),
        ("Discovery finds too much to keep right", "technical", "Nobody decided what an item is", 2, 3, "avoid", "The model is decided before the tool is bought", None, "T. Nowak", 1, 2),
        ("The desk tool is late", "technical", "The supplier has four projects at once", 2, 2, "share", "Penalty in the contract", None, "Finance", 2, 1),
        ("The works council objects to reports", "organizational change", "Reports by person in the tool", 2, 4, "avoid", "Reports stop at teams of five", None, "Ines Albers", 1, 2),
        ("Certification body has no date", "financial", "Few auditors for the standard", 1, 2, "accept", "", None, "M. Lund", None, None),
    )  # fmt: skip
    for number, (title, category, cause, probability, impact, response, words, cost, owner, after, hurt) in enumerate(rows, 1):
        yield RiskItem(
            f"R-{number:02}", title, category, f"{cause}.", "", "Gates slip.", probability, impact, "open", response, words,
            D(cost) if cost else None, owner, after, hurt,
        )  # fmt: skip
    yield RiskItem("R-09", "An old one", "technical", "", "", "", 2, 2, "closed")


def sample_content(**changes: object) -> CaseContent:
    """The case of an invented provider, with everything in it."""
    values: dict[str, object] = {
        "kind": "implementation",
        "currency": "EUR",
        "first_month": FIRST,
        "months": 60,
        "discount_rate": D("0.06"),
        "conformity": "recommended",
        "sections": {key: point.example for key, point in guide.points().items()},
        "costs": tuple(_costs()),
        "benefits": tuple(_benefits()),
        "assumptions": (
            AssumptionItem("A-01", "assumption", "Line managers give the agreed days.", "Each month later costs 12 000.", "Rosters, monthly", "Ines Albers"),
            AssumptionItem("A-02", "assumption", "The desk answers 30 % more calls at once.", "Benefit B-01 halves.", "Report of the desk", "Head of desk"),
            AssumptionItem("A-03", "constraint", "No change from 18 December to 8 January.", "Nothing can be done about it.", "", ""),
        ),
        "interested": (
            InterestedItem("P-01", "Line managers", "medium", "high", "A quiet night", "Director's round, monthly"),
            InterestedItem("P-02", "IT heads of the five companies", "high", "high", "Fewer outages, one report", "Customer board, quarterly"),
            InterestedItem("P-03", "Works council", "medium", "medium", "No control of individuals", "Reads the fields of the tool in March"),
        ),
        "measures": (
            MeasureItem("M-01", "Hours saved at the desk", "Calls solved at once times 14 minutes", "monthly from September 2027", "Finance"),
            MeasureItem("M-02", "Cost of phase 2", "Booked hours and invoices against the plan", "at gate 2", "M. Lund"),
        ),
        "risks": tuple(_risks()),
        "services": ("Workplace", "Mail and collaboration", "Hosting of business applications", "Service desk"),
        "known": Known(
            project="Nordkai SMS",
            organization="Nordkai Services",
            scope="The SMS of Nordkai Services that supports workplace, mail, hosting and service desk for five companies, from Kiel and Rostock.",
            edition="2018",
            phases=(
                PhaseFact(0, "Initiation", "2027-01-11", "2027-03-19"),
                PhaseFact(1, "React", "2027-03-22", "2027-07-23"),
                PhaseFact(2, "Anticipate", "2027-07-26", "2028-01-07"),
                PhaseFact(3, "Integrate", "2028-01-10", "2028-08-04"),
            ),
            assessment="Gap analysis of February 2027",
            asked=214,
            conform=88,
            minor_gaps=71,
            major_gaps=55,
            gaps=("8.5.1 Are changes assessed before they are approved?", "8.6.3 Are problems analysed for their cause?"),
        ),
    }  # fmt: skip
    return CaseContent(**{**values, **changes})
