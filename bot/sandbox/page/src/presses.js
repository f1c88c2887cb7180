/* What is in flight: a button stays disabled from the press until the local Slack has answered. */

import { useRef, useState } from "react";

import { act } from "./api.js";

const NONE = new Set();

/**
 * Report presses and remember them by place (a message's ts or a view's id).
 *
 * Those of one element, such as the letters typed into it, are reported one after the other.
 *
 * `busyIn(place)` is the set of action ids in flight there; `troubleIn(place)` the sentence
 * about the last press that nobody took, or undefined.
 */
export function usePresses() {
  const [busy, setBusy] = useState({});
  const [trouble, setTrouble] = useState({});
  const last = useRef({});

  const mark = (place, action, inFlight) =>
    setBusy((before) => {
      const here = new Set(before[place]);
      if (inFlight) here.add(action);
      else here.delete(action);
      return { ...before, [place]: here };
    });

  const report = async (place, block, element, action, where) => {
    mark(place, element.action_id, true);
    setTrouble((before) => ({ ...before, [place]: undefined }));
    const answer = await act("action", {
      ...where,
      ts: where.channel ? place : undefined,
      block_id: block.block_id,
      action_id: element.action_id,
      action,
    });
    mark(place, element.action_id, false);
    const sentence = answer.ok ? undefined : `This did not work (${answer.error}).`;
    setTrouble((before) => ({ ...before, [place]: sentence }));
  };
  const press = (place, block, element, ...rest) => {
    const key = `${place} ${element.action_id}`;
    const turn = (last.current[key] ?? Promise.resolve()).then(() =>
      report(place, block, element, ...rest),
    );
    last.current[key] = turn;
    return turn;
  };

  return {
    press,
    busyIn: (place) => busy[place] ?? NONE,
    troubleIn: (place) => trouble[place],
  };
}
