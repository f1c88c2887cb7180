/* Light and dark: the address (`?theme=dark`) before the last choice before the system. */

import { useEffect, useState } from "react";

const KEY = "mediatask-theme";

function firstTheme() {
  const asked = new URLSearchParams(location.search).get("theme");
  const chosen = asked ?? localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The theme and what swaps it; the choice outlives a reload. */
export function useTheme() {
  const [theme, setTheme] = useState(firstTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const toggle = () => {
    const other = theme === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, other);
    setTheme(other);
  };
  return [theme, toggle];
}
