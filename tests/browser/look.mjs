// Opens a page in the system's Chromium in every width, colour scheme and on paper, and prints what it found as one JSON
// object: console errors, requests that leave the file, what axe finds, sounds' lengths, whether anything is wider than
// the window, or than A4 paper with a browser's usual margins. usage: node look.mjs PAGE.html [FOLDER]   (FOLDER: screenshots)
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const [file, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const found = {console: [], requests: [], axe: [], sounds: [], wide: [], paper: [], live: 0, sorted: [], drawn: 0};

const browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: ['--no-sandbox']});

async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) found.console.push(message.text()); });
  page.on('pageerror', error => found.console.push(error.message));
  page.on('request', request => { if (!/^(file|data|blob):/.test(request.url())) found.requests.push(request.url()); });
  await page.goto('file://' + file);
  return page;
}

async function scroll(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 800) {
      window.scrollTo(0, y);
      await new Promise(resolve => setTimeout(resolve, 30));
    }
    window.scrollTo(0, 0);
  });
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1024, 1920]) {
    const page = await open({viewport: {width, height: 900}, colorScheme, bypassCSP: true});
    await scroll(page);
    if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) found.wide.push(width);
    if (folder) await page.screenshot({path: `${folder}/${width}-${colorScheme}.png`, fullPage: true});
    if (width === 1024) {
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run());
      for (const violation of result.violations) {
        found.axe.push(`${colorScheme}: ${violation.id}: ${violation.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`);
      }
    }
    await page.context().close();
  }
}

// The page under its own policy.
const page = await open({viewport: {width: 1024, height: 900}});
for (const figure of await page.locator('figure[data-height]').all()) {
  await figure.scrollIntoViewIfNeeded();
  await figure.locator('.live svg').waitFor();
  found.live += 1;
}
found.sounds = await page.evaluate(() => Promise.all([...document.querySelectorAll('audio')].map(audio => new Promise(resolve => {
  const tell = () => resolve(audio.duration);
  if (audio.readyState > 0) return tell();
  audio.addEventListener('loadedmetadata', tell);
  audio.addEventListener('error', () => resolve(-1));
  audio.load();
}))));
const table = page.locator('table[id^=cells], table[id=sides]').first();
await table.locator('thead th button').first().click();
await table.locator('thead th button').first().click();
found.sorted = await table.locator('tbody tr td:first-child').allTextContents();
if (folder) await page.pdf({path: `${folder}/print.pdf`, format: 'A4'});

// A4 less 1 cm on each side, in CSS pixels; everything unfolded, as it is printed.
const paper = await open({viewport: {width: 718, height: 1000}});
await paper.emulateMedia({media: 'print'});
await paper.evaluate(() => document.querySelectorAll('details').forEach(details => { details.open = true; }));
found.paper = await paper.evaluate(() => [...document.querySelectorAll('table')]
  .map(table => [table.id, table.getBoundingClientRect().right - document.documentElement.clientWidth])
  .filter(([, over]) => over > 0.5)
  .map(([id, over]) => `${id} is ${Math.round(over)} px too wide`));

const bare = await open({viewport: {width: 390, height: 900}, javaScriptEnabled: false});
found.drawn = await bare.locator('.drawn .narrow svg:visible').count();
await browser.close();
console.log(JSON.stringify(found));
