'use client';

import { useEffect, useRef } from 'react';

/** What each key does; the name is `KeyboardEvent.key`. A handler that returns false leaves the key to the browser. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => unknown>>;

/** Listens for single keys on the page, except while somebody types, a dialog is open, or a modifier is held. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"][data-state="open"]')) return;
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (act && act(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** Leaves a key to what has the focus: arrows scroll a drawer, Enter presses a button. */
export function unlessIn(selector: string, act: () => unknown): (event: KeyboardEvent) => unknown {
  return ({ target }) => (target instanceof Element && target.closest(selector) !== null ? false : act());
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
