// Styles of the house come before those of the components, which may say otherwise.
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { App } from "./App.tsx";
import { restoreTheme } from "./theme.ts";

// The server's Content-Security-Policy allows no code made from text.
z.config({ jitless: true });
restoreTheme();

const root = document.getElementById("app");
if (root !== null) createRoot(root).render(<App />);
