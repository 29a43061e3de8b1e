'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../_live/fetch-json.ts';
import { fetchJson, toProblem } from '../../_live/fetch-json.ts';
import { liveSocket } from '../../_live/socket.ts';
import type { ChannelRow, DeliveryRow, IncidentRow, RuleRow } from './rows.ts';

/** Everything that the page shows. */
export interface AlertLists {
  readonly incidents: readonly IncidentRow[];
  readonly rules: readonly RuleRow[];
  readonly channels: readonly ChannelRow[];
  /** The latest of all channels. */
  readonly deliveries: readonly DeliveryRow[];
}

export interface Alerts {
  /** Null until first read. */
  readonly lists: AlertLists | null;
  readonly problem: Problem | null;
  readonly refresh: () => Promise<void>;
}

/** Deliveries go on after whatever caused them. */
const EVERY_MS = 3000;

/** Incidents, rules, channels and deliveries, read anew as incidents open and every few seconds while the page is seen. */
export function useAlerts(): Alerts {
  const [lists, setLists] = useState<AlertLists | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(0);
  const refresh = useCallback(async () => {
    latest.current += 1;
    const turn = latest.current;
    try {
      const read = await readLists();
      if (turn !== latest.current) return;
      setLists(read);
      setProblem(null);
    } catch (error) {
      if (turn === latest.current) setProblem(toProblem(error));
    }
  }, []);
  useEffect(() => {
    const wake = () => void refresh();
    wake();
    const timer = setInterval(() => document.visibilityState === 'visible' && wake(), EVERY_MS);
    const socket = liveSocket();
    socket.on('incident:opened', wake);
    return () => {
      clearInterval(timer);
      socket.off('incident:opened', wake);
    };
  }, [refresh]);
  return { lists, problem, refresh };
}

async function readLists(): Promise<AlertLists> {
  const [{ incidents }, { rules }, { channels }, { deliveries }] = await Promise.all([
    fetchJson<Pick<AlertLists, 'incidents'>>('/api/v1/alerts/incidents?limit=200'),
    fetchJson<Pick<AlertLists, 'rules'>>('/api/v1/alerts/rules'),
    fetchJson<Pick<AlertLists, 'channels'>>('/api/v1/alerts/channels'),
    fetchJson<Pick<AlertLists, 'deliveries'>>('/api/v1/alerts/deliveries?limit=100'),
  ]);
  return { incidents, rules, channels, deliveries };
}
