import "./no-eval.ts";
// Styles of the house come before those of the components, which may say otherwise.
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { restoreTheme } from "./theme.ts";

restoreTheme();

const root = document.getElementById("app");
if (root !== null) createRoot(root).render(<App />);
