/* The page's side of the local Slack's own routes (same origin, JSON). */

/** Ask for everything the page starts from; ephemeral messages are never in it. */
export async function fetchState() {
  const response = await fetch("/page/state");
  if (!response.ok) throw new Error(`/page/state answered ${response.status}`);
  return response.json();
}

/**
 * Tell the local Slack what the person did.
 *
 * Never throws: a refusal or a dead server comes back as {ok: false, error}, so
 * that every caller shows it in the place where the person is looking.
 */
export async function act(kind, body) {
  try {
    const response = await fetch(`/page/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    const failed = response.ok ? undefined : `http_${response.status}`;
    return { ok: response.ok, error: failed, ...answer };
  } catch {
    return { ok: false, error: "the demo is not running" };
  }
}

const EVENTS = ["message", "message_changed", "message_deleted", "view", "ack"];

/**
 * Follow the local Slack: `dispatch` gets a "loaded" first, then every event.
 *
 * The state is fetched again after each reconnection. Events that arrive while a
 * fetch is under way wait for it, or the older snapshot would undo them.
 * Returns the function that stops following.
 */
export function follow(dispatch) {
  const source = new EventSource("/page/events");
  let waiting = [];
  const deliver = (event) => (waiting ? waiting.push(event) : dispatch(event));
  source.onopen = async () => {
    waiting ??= [];
    try {
      dispatch({ type: "loaded", state: await fetchState() });
      waiting.forEach(dispatch);
      waiting = null;
    } catch (error) {
      dispatch({ type: "lost", reason: String(error) });
    }
  };
  source.onerror = () => {
    waiting ??= [];
    dispatch({ type: "lost", reason: "no connection" });
  };
  for (const type of EVENTS) {
    source.addEventListener(type, (event) => deliver({ ...JSON.parse(event.data), type }));
  }
  return () => source.close();
}
