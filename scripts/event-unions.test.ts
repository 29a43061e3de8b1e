import { expect, test } from 'vitest';
import { dottedTypes, readDeclarations, typesOfUnion } from './event-unions.ts';

const SOURCE = `
/** A comment with type: 'not.this'; */
export interface CreatedEvent {
    response: Response;
    type: 'response.created';
}
export interface DoneEvent {
    part: DoneEvent.Part;
    type: 'response.done' | 'response.ended';
}
export declare namespace DoneEvent {
    interface Part {
        type: 'text';
    }
}
export type ServerEvent = CreatedEvent | ServerEvent.Wrapped | InnerEvent;
export type InnerEvent = DoneEvent;
export declare namespace ServerEvent {
    interface Wrapped extends OpenAPI.CreatedEvent {
        stream_id?: string;
        nested: {
            type: 'too.deep';
        };
    }
    interface Error {
        type: 'error';
    }
}
export interface LooseEvent {
    type: 'loose.event';
}
`;

test('a union gives the types of its members, of unions within it and of what a member extends', () => {
  const declarations = readDeclarations(SOURCE);
  expect(typesOfUnion(declarations, 'ServerEvent')).toEqual(['response.created', 'response.done', 'response.ended']);
  expect(typesOfUnion(declarations, 'NoSuchUnion')).toEqual([]);
});

test('dotted types are found outside unions too, but not in comments or inner objects', () => {
  expect(dottedTypes(readDeclarations(SOURCE))).toEqual(['response.created', 'response.done', 'response.ended', 'loose.event']);
});
