/** Whether a structure is the outline of the body, which hides what lies below it. */
export const isOutline = ({ name, type }: { readonly name: string; readonly type?: string }): boolean => type === "EXTERNAL" || /^(body|external|skin|outer|patient)/i.test(name);
