/**
 * The id of an anomaly: `missing-delta.1.0f3c…`, rule, version and a hash of what tells it from the rule's other findings in the same
 * session. The same in every replay, of bounded length whatever the wire holds, and fit for a URL.
 */
export function anomalyId(ruleId: string, ruleVersion: number, key: string): string {
  return `${ruleId}.${ruleVersion}.${hashOf(key)}`;
}

/** The id without its version: what a person said of a finding holds for the same finding of a newer rule. */
export function withoutVersion(id: string): string {
  return id.replace(/\.\d+\./, '.');
}

/** 64 bits in hex (cyrb53's mixing, both halves whole): far more than tells a thousand findings apart. */
function hashOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return hex(a) + hex(b);
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0');
}
