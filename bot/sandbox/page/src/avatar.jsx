/* Faces: the bot's mark, and a person's initial on their colour. */

function BotMark() {
  return (
    <svg viewBox="0 0 36 36" aria-hidden="true">
      <defs>
        <linearGradient id="bot-mark" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#6d4aff" />
          <stop offset="1" stopColor="#e8467c" />
        </linearGradient>
      </defs>
      <rect width="36" height="36" fill="url(#bot-mark)" />
      <path d="M13 10.5v15l13-7.5z" fill="#fff" />
      <rect x="8.5" y="10.5" width="2.5" height="15" rx="1.2" fill="#fff" opacity=".75" />
    </svg>
  );
}

const asColor = (color) => (color?.startsWith("#") ? color : `#${color ?? "616061"}`);

/** A square face; a user the page never heard of is grey with a question mark. */
export function Avatar({ user, isBot }) {
  const initial = (user?.real_name || user?.name || "?")[0].toUpperCase();
  return (
    <span className="avatar" style={isBot ? undefined : { background: asColor(user?.color) }}>
      {isBot ? <BotMark /> : initial}
    </span>
  );
}
