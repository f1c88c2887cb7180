/* What a person has filled in on one surface, until it is submitted or drawn anew. */

import { useState } from "react";

/**
 * Values by block and action: {block_id: {action_id: {element, value}}}.
 *
 * Returns them with the setter that a field calls, and the one that replaces them all.
 */
export function useFilled(initial = {}) {
  const [values, setValues] = useState(initial);
  const onFill = (block, element, value) =>
    setValues((before) => ({
      ...before,
      [block.block_id]: { ...before[block.block_id], [element.action_id]: { element, value } },
    }));
  return { values, onFill, setValues };
}
