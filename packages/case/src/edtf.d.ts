declare module "edtf" {
  interface Parsed {
    type: string;
    min: number;
    max: number;
    lower?: { min: number; max: number };
    upper?: { min: number; max: number };
  }
  export default function edtf(text: string): Parsed;
}
