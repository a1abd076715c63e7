import type { Study, StudyResult } from "@hapax/case";

const figure = (name: string, value: number, unit: string, interval?: readonly [number, number]) =>
  interval === undefined ? { name, quantity: { value, unit } } : { name, quantity: { value, unit }, interval };
const months = (name: string, value: number, interval?: readonly [number, number]) => figure(name, value, "mo", interval);
const percent = (name: string, value: number, interval?: readonly [number, number]) => figure(name, value, "%", interval);
const count = (name: string, value: number) => figure(name, value, "1");
const ratio = (name: string, value: number, interval?: readonly [number, number]) => figure(name, value, "1", interval);
const gray = (value: number) => ({ value, unit: "Gy" });

const unfavorable = (factor: string, says: string, ...figures: NonNullable<StudyResult["figures"]>): StudyResult => ({
  topic: `Prognosis: ${factor}`,
  says,
  reading: "unfavorable",
  ...(figures.length === 0 ? {} : { figures }),
});

/**
 * What is published of PEComa, as far as it was read: schemes, cohorts, trials and single patients. A result stands
 * under a topic, so that what a case report says of the same topic can be held against it.
 */
const known: Study[] = [
  {
    key: "folpe2005", reference: "33", citation: "folpe2005", design: "series", n: 26, directness: "this tumor", checked: "read",
    population: "PEComa of soft tissue and gynecologic origin; 22 women, 4 men",
    results: [
      { topic: "Scheme Folpe: tiers", says: "Three tiers: benign, uncertain malignant potential, malignant.", reading: "three tiers" },
      { topic: "Scheme Folpe: rule for malignant", says: "Two or more worrisome features make a tumor malignant.", reading: "two or more features", figures: [count("features needed", 2)] },
      { topic: "Scheme Folpe: mitosis cut-off", says: "More than 1 mitosis in 50 high-power fields.", reading: "> 1/50 HPF" },
      unfavorable("tumor size", "Recurrence went with size above the median of 8 cm.", figure("size", 8, "cm")),
      unfavorable("mitotic rate", "Recurrence went with more than 1 mitosis in 50 high-power fields."),
      unfavorable("necrosis", "Recurrence went with necrosis."),
    ],
  },
  {
    key: "schoolmeester2014", citation: "schoolmeester2014", design: "series", n: 16, directness: "this tumor", checked: "read",
    population: "PEComa of the gynecologic tract", site: "uterus, adnexa, vagina",
    results: [
      { topic: "Scheme Folpe: mitosis cut-off", says: "Restates the extrauterine criteria with 1 or more mitoses in 50 high-power fields.", reading: "≥ 1/50 HPF" },
    ],
  },
  {
    key: "bleeker2012", reference: "34", citation: "bleeker2012", design: "review of cases", n: 234, directness: "this tumor", checked: "read",
    population: "PEComa not otherwise specified, all published in English",
    results: [
      { topic: "Scheme Bleeker: size cut-off", says: "Primary tumor size of 5 cm or more was associated with recurrence, P = 0.02.", reading: "≥ 5 cm", figures: [count("patients", 234)] },
      { topic: "Scheme Bleeker: features that count", says: "Size and a high mitotic rate were the only factors associated with recurrence after resection.", reading: "size and mitoses only", figures: [count("patients", 234)] },
      unfavorable("tumor size", "Recurrence after resection went with 5 cm or more, P = 0.02.", figure("size", 5, "cm")),
      unfavorable("mitotic rate", "Recurrence after resection went with a high mitotic rate, P < 0.0001."),
      { topic: "Treatment: resistance", says: "Cytotoxic chemotherapy and radiotherapy have shown little benefit.", reading: "resistant to chemotherapy and radiotherapy" },
    ],
  },
  {
    key: "who2020softtissue", reference: "30", citation: "who2020softtissue", design: "classification", directness: "this tumor", checked: "second-hand",
    population: "PEComa of soft tissue",
    results: [{ topic: "Scheme WHO 2020: tiers", says: "Benign and malignant; in the gynecologic tract malignant from three features.", reading: "benign or malignant", figures: [count("features needed, gynecologic", 3)] }],
  },
  {
    key: "bourgmayer2021", reference: "4", citation: "bourgmayer2021", design: "systematic review", n: 124, directness: "this tumor", checked: "read",
    population: "advanced PEComa: 88 papers, 7 cohorts, 124 individuals",
    results: [
      unfavorable("metastasis at diagnosis", "Metastasis at diagnosis was associated with death."),
      unfavorable("grouped risk of Bleeker", "The grouped risk of Bleeker was associated with death."),
    ],
  },
  {
    key: "testa2023", reference: "48", citation: "testa2023", design: "retrospective, one institution", n: 29, directness: "this tumor", checked: "second-hand",
    population: "PEComa, one institution", biomarker: "TFE3 over-expression",
    results: [
      { topic: "Prognosis: TFE3 over-expression", says: "Hazard ratio of death 11.8 with TFE3 over-expression, P = .04.", reading: "higher risk of death", figures: [count("patients", 29), ratio("hazard ratio of death", 11.8)] },
      { topic: "Treatment: mTOR inhibitors against chemotherapy", says: "OS and PFS were similar under mTOR inhibitors and chemotherapy.", reading: "no longer PFS" },
    ],
  },
  {
    key: "garzon2022", reference: "49", citation: "garzon2022", design: "systematic review, congress abstract", n: 128, directness: "this tumor", checked: "read",
    population: "uterine PEComa: 121 published and 7 own cases", site: "uterus",
    results: [
      { topic: "Scheme: most accurate in uterine PEComa", says: "The scheme of Bennett had the highest hazard ratios.", reading: "Bennett", figures: [ratio("hazard ratio of relapse", 14.17, [4.29, 46.72]), ratio("hazard ratio of death", 33.17, [4.39, 4246.79])] },
    ],
  },
  {
    key: "gantzer2025", reference: "50", citation: "gantzer2025", design: "retrospective, French Sarcoma Group", n: 87, directness: "this tumor", checked: "read",
    population: "localized, resected PEComa",
    results: [
      { topic: "Scheme PEC-PRO: prediction", says: "2-year event-free survival 93.7, 67.4 and 2.3 % in the low, intermediate and high groups.", reading: "predicts EFS", figures: [percent("2-year EFS, low", 93.7, [83.8, 100]), percent("2-year EFS, intermediate", 67.4, [53.9, 80.9]), percent("2-year EFS, high", 2.3, [0, 18.3])] },
      { topic: "Scheme PEC-PRO: validation", says: "Derived in one cohort; the abstract states no external validation.", reading: "derived in one cohort, no external validation stated" },
      { topic: "Scheme PEC-PRO: relation to Folpe", says: "The simplified Folpe classification did not correlate with event-free survival.", reading: "simplified Folpe did not correlate with EFS" },
      unfavorable("positive margins", "After resection; hazard ratio 5.17.", ratio("hazard ratio", 5.17, [1.65, 16.24])),
      unfavorable("necrosis", "After resection; hazard ratio 3.94.", ratio("hazard ratio", 3.94, [1.16, 13.43])),
      unfavorable("male sex", "After resection; hazard ratio 3.13.", ratio("hazard ratio", 3.13, [1.19, 8.27])),
    ],
  },
  {
    key: "dudek2019", reference: "57", citation: "dudek2019", design: "retrospective", n: 33, directness: "other tumors", checked: "read",
    population: "metastatic sarcoma of any kind", site: "lung metastases", treatment: "resection of lung metastases",
    outcome: "5-year OS 40.4 % after the first lung metastasis",
    results: [
      { topic: "Treatment: resection of lung metastases", says: "5-year OS 40.4 % after the first lung metastasis.", reading: "long control in some", figures: [percent("5-year OS", 40.4)] },
      { topic: "Prognosis: interval to the first lung metastasis", says: "Less than 30 months; hazard ratio 5.05.", reading: "unfavorable below 30 months", figures: [months("interval", 30), ratio("hazard ratio", 5.05, [1.15, 22.19])] },
      unfavorable("histologic grade", "G3; hazard ratio 3.52.", ratio("hazard ratio", 3.52)),
    ],
  },
  {
    key: "wagner2021", reference: "67", citation: "wagner2021", design: "phase II trial (AMPECT)", n: 31, directness: "this tumor", checked: "read",
    population: "advanced malignant PEComa, 34 treated, 31 evaluable", treatment: "mTOR inhibitor: nab-sirolimus 100 mg/m² on days 1 and 8 of 21",
    response: "1 CR and 11 PR of 31 (39 %)", outcome: "median PFS 10.6 months, median OS 40.8 months; anemia in 47 %, treatment-related", biomarker: "TSC2, TSC1, pS6",
    results: [
      { topic: "Treatment: nab-sirolimus, survival", says: "Median OS 40.8 and median PFS 10.6 months, 1.5 years after the primary analysis; objective response 39 %.", reading: "effective", figures: [months("median OS", 40.8), months("median PFS", 10.6), percent("objective response", 39, [22, 58])] },
      { topic: "Treatment: nab-sirolimus against oral mTOR inhibitors", says: "More drug in the tumor and more inhibition than with oral mTOR inhibitors, in preclinical models; no direct clinical comparison exists.", reading: "higher accumulation and inhibition", qualifier: "in preclinical models" },
      { topic: "Treatment: response by TSC2", says: "Response in 8 of 9 with TSC2 alteration, 2 of 16 without.", reading: "higher with TSC2 alteration", figures: [percent("response, TSC2 altered", 89), percent("response, TSC2 not altered", 13)] },
      { topic: "Treatment: anemia under sirolimus", says: "Treatment-related anemia in 47 % under the intravenous form.", reading: "adds to anemia", figures: [percent("anemia", 47)] },
    ],
  },
  {
    key: "wagner2024", citation: "wagner2024", design: "phase II trial (AMPECT), long-term follow-up", n: 31, directness: "this tumor", checked: "second-hand",
    population: "as wagner2021, data of 29 April 2022", treatment: "mTOR inhibitor: nab-sirolimus", response: "38.7 %", outcome: "median PFS 10.6 months, median OS 53.1 months",
    results: [{ topic: "Treatment: nab-sirolimus, survival", says: "Later data: median OS 53.1, median PFS 10.6 months.", reading: "effective", figures: [months("median OS", 53.1), months("median PFS", 10.6), percent("objective response", 38.7, [21.8, 57.8])] }],
  },
  {
    key: "sanfilippo2019", reference: "38", citation: "sanfilippo2019", design: "retrospective, five centers and a network", n: 53, directness: "this tumor", checked: "read",
    population: "advanced or metastatic PEComa under systemic therapy", treatment: "mTOR inhibitor; VEGF receptor inhibitor; gemcitabine-based; anthracycline-based",
    response: "mTOR 41 %, antiangiogenic 8.3 %, gemcitabine 20 %, anthracycline 13 %", outcome: "median PFS 9, 5.4, 3.4 and 3.2 months",
    results: [
      { topic: "Treatment: mTOR inhibitors against chemotherapy", says: "Median PFS 9 months and response 41 % under mTOR inhibitors; 3.2 to 3.4 months and 13 to 20 % under chemotherapy.", reading: "longer PFS under mTOR inhibitors", figures: [months("median PFS, mTOR inhibitors", 9), percent("objective response, mTOR inhibitors", 41), months("median PFS, gemcitabine", 3.4), months("median PFS, anthracycline", 3.2)] },
      { topic: "Treatment: PFS under VEGF receptor inhibitors", says: "Antiangiogenic drugs: median PFS 5.4 months, response 8.3 %.", reading: "typically below 6 months", figures: [months("median PFS", 5.4), percent("objective response", 8.3)] },
      { topic: "Treatment: other chemotherapy", says: "Chemotherapy was active in a small share: response 13 to 20 %.", reading: "small response", figures: [percent("objective response, gemcitabine", 20), percent("objective response, anthracycline", 13)] },
    ],
  },
  {
    key: "sanfilippo2020", citation: "sanfilippo2020", design: "retrospective", n: 7, directness: "this tumor", checked: "read",
    population: "women with advanced PEComa, after an mTOR inhibitor", treatment: "mTOR inhibitor with antiestrogen: sirolimus and exemestane", response: "3 PR, 3 SD, 1 PD",
    results: [{ topic: "Treatment: sirolimus with exemestane", says: "Response in 3 of 7, disease control in 6 of 7.", reading: "response in some", figures: [percent("objective response", 43), percent("disease control", 86)] }],
  },
  {
    key: "benson2014", citation: "benson2014", design: "retrospective", n: 10, directness: "this tumor", checked: "read",
    population: "malignant PEComa", treatment: "mTOR inhibitor: sirolimus (median start 3 mg daily), temsirolimus 25 mg weekly",
    results: [{ topic: "Treatment: oral mTOR inhibitors", says: "Ten patients, seven evaluable; sirolimus begun at a median of 3 mg daily.", reading: "in use" }],
  },
  {
    key: "dickson2013", citation: "dickson2013", design: "cases", n: 5, directness: "this tumor", checked: "read",
    population: "extrarenal PEComa", treatment: "mTOR inhibitor", response: "3 CR, 1 PR, 1 PD",
    results: [{ topic: "Treatment: oral mTOR inhibitors", says: "Five patients: 3 complete and 1 partial response, 1 progression.", reading: "response in some" }],
  },
  {
    key: "bergamo2014", citation: "bergamo2014", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "woman of 31, liver, inoperable at first", site: "liver", treatment: "mTOR inhibitor: sirolimus for 8 months before resection", response: "smaller; resected with negative margins",
    results: [{ topic: "Treatment: sirolimus before resection", says: "The tumor shrank in 8 months and was resected with negative margins.", reading: "smaller, resectable" }],
  },
  {
    key: "scheppach2013", citation: "scheppach2013", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "man of 23, colon", site: "colon", treatment: "mTOR inhibitor: sirolimus, then doxorubicin with ifosfamide", response: "none to sirolimus, then response to chemotherapy",
    results: [{ topic: "Treatment: doxorubicin and ifosfamide", says: "Responded after resistance to sirolimus.", reading: "response" }],
  },
  {
    key: "panebianco2021", citation: "panebianco2021", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "woman of 53, retroperitoneum", site: "retroperitoneum", treatment: "mTOR inhibitor for 40 months; then surgery, radiotherapy, olaratumab with doxorubicin", response: "partial response",
    results: [{ topic: "Treatment: olaratumab and doxorubicin", says: "Partial response after progression on an mTOR inhibitor, surgery and radiotherapy.", reading: "response" }],
  },
  {
    key: "gennatas2012", citation: "gennatas2012", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "metastatic retroperitoneal PEComa", site: "retroperitoneum", treatment: "mTOR inhibitor: everolimus", response: "significant clinical response",
    results: [{ topic: "Treatment: everolimus", says: "Significant clinical response.", reading: "response" }],
  },
  {
    key: "adib2021", citation: "adib2021", design: "basket trial", n: 30, directness: "other tumors", checked: "read",
    population: "solid tumors with TSC1, TSC2 or MTOR mutation", treatment: "mTOR inhibitor: everolimus", response: "7 %", outcome: "median PFS 2.3, median OS 7.3 months", biomarker: "TSC1, TSC2, MTOR",
    results: [{ topic: "Treatment: everolimus by mutation, any tumor", says: "Response 7 %, median PFS 2.3 and OS 7.3 months.", reading: "small response", figures: [percent("objective response", 7), months("median PFS", 2.3), months("median OS", 7.3)] }],
  },
  {
    key: "tfe3Everolimus2021", citation: "tfe3Everolimus2021", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "woman of 45, pelvis, TFE3 by immunohistochemistry", site: "pelvis", treatment: "mTOR inhibitor: everolimus", response: "complete response at 3 months", biomarker: "TFE3",
    results: [{ topic: "Treatment: mTOR inhibitor in TFE3-associated PEComa", says: "Complete response to everolimus at 3 months.", reading: "complete response" }],
  },
  {
    key: "apatinib2020", reference: "46", citation: "apatinib2020", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "woman of 31, TFE3-rearranged, gastrointestinal", site: "gastrointestinal tract", treatment: "VEGF receptor inhibitor: apatinib",
    response: "its abstract says both response and stable", outcome: "PFS about 7 months", biomarker: "TFE3 fusion",
    results: [
      { topic: "Treatment: apatinib in TFE3-rearranged PEComa", says: "The abstract says that the tumor has a response.", reading: "response" },
      { topic: "Treatment: apatinib in TFE3-rearranged PEComa", says: "The same abstract says that the tumor remained stable.", reading: "stable" },
      { topic: "Treatment: PFS under VEGF receptor inhibitors", says: "PFS of about 7 months.", reading: "about 7 months", figures: [months("PFS", 7)] },
    ],
  },
  {
    key: "upperextremity2007", reference: "59", citation: "upperextremity2007", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "upper extremity", site: "upper extremity", treatment: "chemotherapy: doxorubicin and ifosfamide, then radiotherapy and wide excision",
    course: { dose: gray(50), technique: "preoperative radiotherapy", note: "The number of fractions is not given." },
    response: "80 % smaller after chemotherapy, no further effect of radiotherapy, 20 % necrosis", outcome: "no local recurrence at 21 months, a lung metastasis",
    results: [
      { topic: "Treatment: chemotherapy and radiotherapy before surgery, upper extremity", says: "Six cycles made the tumor 80 % smaller; 50 Gy did not reduce it further; 20 % necrosis.", reading: "response to chemotherapy, none further to radiotherapy", figures: [percent("reduction in size", 80), count("cycles", 6), { name: "dose", quantity: gray(50) }, percent("necrosis", 20)] },
      { topic: "Course: after the upper extremity case", says: "No local recurrence 21 months after the start, and a lung metastasis was resected.", reading: "lung metastasis", figures: [months("follow-up", 21)] },
    ],
  },
  {
    key: "akay2024", reference: "63", citation: "akay2024", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "woman of 24, adrenal gland, 10 cm, margins uncertain", site: "adrenal gland", treatment: "resection, then radiotherapy",
    course: { dose: gray(46.8), fractions: 26, technique: "IMRT, 8 fields" }, outcome: "no disease in the follow-up that the abstract gives",
    results: [{ topic: "Radiotherapy: after resection, adrenal", says: "Resection, then 46.8 Gy in 26 by IMRT for uncertain margins; no acute effects, follow-up without disease.", reading: "resection, then radiotherapy", figures: [{ name: "dose", quantity: gray(46.8) }, count("fractions", 26)] }],
  },
  {
    key: "mcbride2021", reference: "66", citation: "mcbride2021", design: "case", n: 1, directness: "this tumor", checked: "read",
    population: "recurrent, metastatic, after chemotherapy and surgery", treatment: "checkpoint inhibitor: pembrolizumab, 40 cycles", response: "complete response after 21 cycles", outcome: "free of disease 19 months after the end", biomarker: "PD-L1 elevated",
    results: [{ topic: "Treatment: pembrolizumab in PD-L1-positive PEComa", says: "Complete response after 21 cycles, stopped after 40, free of disease 19 months later.", reading: "complete response" }],
  },
];

/** Patients whose report has not been found: what Leach 2025 says of them, and no more. */
const asTold: Study[] = [
  {
    key: "leach2025-ref62", reference: "62", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "liver tumor in the inferior vena cava", site: "liver", treatment: "SBRT, then resection",
    course: { dose: gray(60), fractions: 8, technique: "SBRT", note: "Planned on 4D CT and MRI." }, response: "resected with clear margins", outcome: "local control near 2 years", results: [],
  },
  {
    key: "leach2025-ref64", reference: "64", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "metastatic pelvic tumor", site: "pelvis", treatment: "checkpoint inhibitor: tislelizumab, with SBRT",
    course: { dose: gray(30), fractions: 6, technique: "SBRT", note: "Two courses of up to 30 Gy; per course or in all is left open." }, response: "disease control", biomarker: "PD-L1 positive", results: [],
  },
  {
    key: "leach2025-ref70", reference: "70", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "metastatic, thought to be of the lung", site: "lung", treatment: "mTOR inhibitor: sirolimus, with palliative radiotherapy",
    course: { dose: gray(24), fractions: 8, technique: "palliative" }, response: "control in the chest, mixed elsewhere", results: [],
  },
  {
    key: "leach2025-ref47", reference: "47", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "malignant, TFE3-rearranged", treatment: "VEGF receptor inhibitor: apatinib", response: "called a response", biomarker: "TFE3 fusion", results: [],
  },
  {
    key: "leach2025-ref74-75", reference: "74, 75", citation: "leach2025", design: "cases", directness: "this tumor", checked: "unresolved",
    population: "refractory", treatment: "VEGF receptor inhibitor: pazopanib, apatinib", response: "poor", outcome: "PFS typically less than 6 months", results: [],
  },
  {
    key: "leach2025-ref60", reference: "60", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "uterine tumor", site: "uterus", treatment: "chemotherapy: epirubicin, cisplatin, ifosfamide", response: "smaller, resectable", results: [],
  },
  {
    key: "leach2025-ref61", reference: "61", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "not told", treatment: "chemotherapy: ifosfamide, vincristine, dactinomycin", response: "fewer vessels, no smaller tumor", results: [],
  },
  {
    key: "leach2025-ref69", reference: "69", citation: "leach2025", design: "retrospective", directness: "this tumor", checked: "unresolved",
    population: "metastatic, not for surgery", treatment: "mTOR inhibitor: nab-sirolimus", outcome: "5-year OS 65 %", results: [],
  },
  {
    key: "leach2025-ref71", reference: "71", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "recurrent, metastatic", treatment: "mTOR inhibitor: everolimus", response: "stable disease", results: [],
  },
  {
    key: "leach2025-ref72", reference: "72", citation: "leach2025", design: "case", n: 1, directness: "this tumor", checked: "unresolved",
    population: "uterine tumor, after lobectomy", site: "uterus", treatment: "mTOR inhibitor: temsirolimus, adjuvant", outcome: "durable disease-free survival", results: [],
  },
];

export const pecomaStudies: Study[] = [...known, ...asTold];
