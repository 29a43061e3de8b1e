/** The environment of development tools. Not settings of Deltascope: nothing here changes what it does. */

/** Paths of a Chromium that the user names, in the variables that other tools read for it; first wins. */
export function namedBrowsers(): readonly string[] {
  const keys = ['DELTASCOPE_TEST_BROWSER', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH', 'CHROME_PATH', 'CHROME_BIN'];
  return keys.flatMap((key) => process.env[key] ?? []).filter((path) => path !== '');
}

/** The folders in which commands are looked up. */
export function commandFolders(): readonly string[] {
  return (process.env['PATH'] ?? '').split(process.platform === 'win32' ? ';' : ':').filter((folder) => folder !== '');
}
