import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const api = "http://127.0.0.1:8000"; // where `olagraph serve` listens

/** GraphiQL brings its fonts as data: addresses, which the server's Content-Security-Policy does not let in. */
const withoutFonts: Plugin = {
  name: "graphiql-without-fonts",
  enforce: "pre",
  transform: (code, id) =>
    /graphiql.*\.css$/.test(id)
      ? { code: code.replace(/@font-face\s*\{[^}]*\}/g, ""), map: null }
      : undefined,
};

export default defineConfig({
  plugins: [withoutFonts, react()],
  resolve: {
    alias: {
      "react-style-singleton": fileURLToPath(new URL("src/graphiql/style-singleton.ts", import.meta.url)),
    },
  },
  build: {
    outDir: "../api/olagraph_api/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // nor any other data: address
    license: { fileName: "licenses.md" }, // of what is bundled
    chunkSizeWarningLimit: 1000, // GraphiQL, which only its own page loads
    rolldownOptions: { input: { pages: "index.html", graphiql: "graphiql/index.html" } },
  },
  server: { proxy: { "/graphql": { target: api, ws: true } } },
  test: { include: ["src/**/*.test.ts"] },
});
