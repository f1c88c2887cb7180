/* What stands around a conversation: the bar on top, the bot's Home, the word that all is lost. */

import { Blocks, Surface } from "./blocks.jsx";
import { Boundary } from "./boundary.jsx";
import { useFilled } from "./filled.js";

/** The title of the place one is in, and the switch between light and dark. */
export function TopBar({ title, subtitle, icon, theme, onTheme }) {
  const other = theme === "dark" ? "light" : "dark";
  return (
    <header className="top">
      {icon}
      <h2>{title}</h2>
      <span className="subtitle">{subtitle}</span>
      <button
        type="button"
        className="theme"
        aria-label={`Use the ${other} theme`}
        onClick={onTheme}
      >
        {theme === "dark" ? "☀️ Light" : "🌙 Dark"}
      </button>
    </header>
  );
}

/** The bot's Home tab; `view` is null until the bot has published one. */
export function Home({ name, view, surface, onAct }) {
  const inside = { ...surface, ...useFilled(), errors: {}, onAct };
  const sorry = <p className="undrawn">This Home tab cannot be drawn.</p>;
  return (
    <section className="home" aria-label="Home tab">
      <div className="home-inner">
        {view ? (
          <Boundary retryOn={view} fallback={sorry}>
            <Surface.Provider value={inside}>
              <Blocks blocks={view.blocks} />
            </Surface.Provider>
          </Boundary>
        ) : (
          <p className="undrawn">{name} has published no Home tab yet.</p>
        )}
      </div>
    </section>
  );
}

/** Said while nothing comes from the local Slack. */
export function Lost({ reason }) {
  return (
    <p className="lost" role="alert">
      No connection to the demo ({reason}). It comes back by itself; if it was stopped, start it
      again with <code>make demo</code>.
    </p>
  );
}
