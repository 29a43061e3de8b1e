import { expect, test } from 'vitest';
import { isPrivateAddress, isPublicAddress, showAddress } from './address.ts';

test.each([
  ...['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0', '169.253.1.1', '223.255.255.255'],
  ...['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2620:fe::fe'],
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
  ...['100.64.0.1', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2001:db8::1', '2001::1'],
  ...[
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '3fff::1',
    'localhost',
    '',
    '8.8.8',
  ],
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ['http://2130706433/', true],
  ['http://0x7f.1/', true],
  ['http://[::1]:8080/', true],
  ['http://[::ffff:10.0.0.1]/', true],
  ['http://localhost:3000/', true],
  ['https://api.localhost/', true],
  ['https://localhost./', true],
  ['https://api.LOCALHOST./', true],
  ['http://127.0.0.1./', true],
  ['http://0177.0.0.1/', true],
  ['http://0/', true],
  ['http://hooks.example@169.254.169.254/', true],
  ['http://[::ffff:a9fe:a9fe]/', true],
  ['http://[64:ff9b::a9fe:a9fe]/', true],
  ['http://[fd00::1]/', true],
  ['https://localhost.example/', false],
  ['https://8.8.8.8/', false],
  ['https://hooks.slack.com/services/T/B/x', false],
])('%s names a host that is private: %s', (url, expected) => {
  expect(isPrivateAddress(url)).toBe(expected);
});

test('of an address nothing is shown that may be secret', () => {
  expect(showAddress('https://user:pass@hooks.example.org:8443/a/b?token=c')).toBe('https://hooks.example.org:8443/…');
  expect(showAddress('https://example.org')).toBe('https://example.org');
  expect(showAddress('no url')).toBe('…');
});
