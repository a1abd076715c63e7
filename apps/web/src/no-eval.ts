import { z } from "zod";

// The server's Content-Security-Policy allows no code made from text. Schemas ask when they are made, so this module
// is imported before any of them.
z.config({ jitless: true });
