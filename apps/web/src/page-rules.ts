/** What the rules of a page begin with, where both the page and the navigation ask. */
export const labRules = ["labs/", "systemic/sirolimus-"] as const;
export const treatmentRules = ["radiobiology/", "radiotherapy/", "systemic/lines", "systemic/interactions", "systemic/bsa"] as const;
export const claimRule = "evidence/claims-against-source";
