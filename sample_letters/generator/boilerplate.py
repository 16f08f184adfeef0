"""The set phrases that MAXIMUS prints in every letter, by layout. `{reviewer}` is "expert" or "physician"."""

HOW_MADE_START = (
    "MAXIMUS Federal Services sent the complete case file to {article} {reviewer} reviewer. He/she "
    "has no affiliation with the employer, employee, providers or the claims administrator."
)
BOARD_CERTIFIED = (
    "The {reviewer} reviewer is Board Certified in {specialties} and is licensed to practice in {states}."
)
HOW_MADE_END = (
    "He/she has been in active clinical practice for more than five years and is currently working "
    "at least 24 hours a week in active practice. The {reviewer} reviewer was selected based on "
    "his/her clinical experience, education, background, and expertise in the same or similar "
    "specialties that evaluate and/or treat the medical condition and disputed items/services. "
    "He/she is familiar with governing laws and regulations, including the strength of evidence "
    "hierarchy that applies to Independent Medical Review determinations."
)
CREDENTIALS = "He/She has the following credentials:"

SUMMARY_INTRODUCTION = (
    "The {reviewer} reviewer developed the following clinical case summary based on a review of the"
    " case file, including all medical records:"
)
DECISIONS_INTRODUCTION = (
    "The Final Determination was based on decisions for the disputed items/services set forth below:"
)
DOCUMENTS_INTRODUCTION = (
    "The following relevant documents received from the interested parties and the documents "
    "provided with the application were reviewed and considered. These documents included:"
)
DOCUMENTS = (
    "Application of Independent Medical Review",
    "Utilization Review Determination",
    "Medical Records from Claims Administrator",
    "Medical Treatment Utilization Schedule (MTUS)",
)

LETTERHEAD = (
    "MAXIMUS FEDERAL SERVICES, INC.",
    "Independent Medical Review",
)
NOTICE_TITLE = "Notice of Independent Medical Review Determination"
NOTICE_DETERMINATION = "MAXIMUS Federal Services, Inc. has determined the request for {request} {verdict}."
NOTICE_DECISIONS = "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE"
NOTICE_FILED = (
    "An application for Independent Medical Review was filed on {received} disputing the "
    "Utilization Review Denial dated {denied}."
)
NOTICE_DECIDED = "A decision has been made for each of the treatment and/or services that were in dispute:"
NOTICE_QUALIFICATIONS = "Medical Qualifications of the Expert Reviewer:"
NOTICE_REVIEWER = (
    "The independent Medical Doctor who made the decision has no affiliation with the employer, "
    "employee, providers or the claims administrator. The physician reviewer is Board Certified in "
    "{specialties} and is licensed to practice in {states}. He/she has been in active clinical "
    "practice for more than five years and is currently working at least 24 hours a week in active "
    "practice. The Expert Reviewer was selected based on his/her clinical experience, education, "
    "background, and expertise in the same or similar specialties that evaluate and/or treat the "
    "medical condition and disputed treatment."
)
NOTICE_GUIDELINES = (
    "Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to "
    "Make His/Her Decision"
)
NOTICE_RATIONALE = "Rationale for the Decision:"
NOTICE_EFFECT = (
    "Effect of the Decision:",
    (
        "The determination of MAXIMUS Federal Services and its physician reviewer is deemed to be "
        "the final determination of the Administrative Director, Division of Workers' Compensation."
        " With respect to the medical necessity of the treatment in dispute, this determination is "
        "binding on all parties."
    ),
    (
        "In accordance with California Labor Code Section 4610.6(h), a party may appeal this "
        "determination to the Workers' Compensation Appeals Board within 30 days."
    ),
)
DISCLAIMER = (
    "Disclaimer: MAXIMUS is providing an independent review service under contract with the "
    "California Department of Industrial Relations. MAXIMUS is not engaged in the practice of law "
    "or medicine. Decisions about the use or nonuse of health care services and treatments are the "
    "sole responsibility of the patient and the patient's physician."
)

EARLY_TITLE = "MEDICAL PROFESSIONAL REVIEW"
EARLY_ISSUE = "ISSUE AT DISPUTE"
EARLY_SUMMARY = "CASE SUMMARY"
EARLY_DOCUMENTS = "DOCUMENTS REVIEWED FOR DETERMINATION"
EARLY_GUIDELINES = "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY"
EARLY_RATIONALE = "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE {verdict} MEDICALLY NECESSARY"
EARLY_QUALIFICATIONS = "MEDICAL REVIEWER QUALIFICATIONS"
EARLY_REVIEWER = (
    "The reviewer is Board Certified in {specialties} and is licensed to practice in {states}. The "
    "reviewer has no affiliation with the employer, employee, providers or the claims administrator"
    " and has been in active clinical practice for more than five years."
)
