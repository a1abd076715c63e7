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
    // One file: it is read from this machine, and the first page needs all of the rules.
    chunkSizeWarningLimit: 1500,
  },
  server: { host: "127.0.0.1", proxy: { "/api": server } },
});
