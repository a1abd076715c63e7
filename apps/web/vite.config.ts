import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env["HAPAX_SERVER"] ?? "http://127.0.0.1:4270";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2024",
    // Fonts stay files: a data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The board comes first, and it needs all of the rules; the other pages are files of their own.
    chunkSizeWarningLimit: 1000,
    // A schema asks, when it is made, whether code may be made from text; what forbids it stands in the file that comes
    // before all others.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "zod", test: /node_modules\/zod\/|src\/no-eval\.ts$/ }] } } },
  },
  worker: {
    format: "es",
    // A worker computes: of a package of the house it takes the functions that it calls, and no rules, schemas, papers or
    // tables of units.
    rolldownOptions: { treeshake: { moduleSideEffects: (id: string) => !/\/packages\/|ucum-lhc/.test(id), manualPureFunctions: ["ucum.UcumLhcUtils.getInstance", "ucum.UcumLhcUtils"] } },
  },
  server: { host: "127.0.0.1", proxy: { "/api": server } },
});
