/* Entry point: styles first (the renderer's, then ours on top), then the page. */

import "slack-blocks-to-jsx/dist/style.css";
import "./theme.css";
import "./layout.css";
import "./message.css";
import "./forms.css";

import { createRoot } from "react-dom/client";

import { App } from "./app.jsx";
import { withoutJoiners } from "./normalize.js";

document.addEventListener("copy", (event) => {
  const selected = String(getSelection());
  if (withoutJoiners(selected) === selected) return;
  event.clipboardData.setData("text/plain", withoutJoiners(selected));
  event.preventDefault();
});

createRoot(document.getElementById("page")).render(<App />);
