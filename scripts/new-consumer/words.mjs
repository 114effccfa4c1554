/** The words of a name in whatever form: `parcel-desk`, `parcelDesk` and `parcel.desk` are two. */
function wordsOf(name) {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** `parcel-desk` */
export const kebab = (name) => wordsOf(name).join('-');

/** `parcel_desk` */
export const snake = (name) => wordsOf(name).join('_');

/** `ParcelDesk` */
export const pascal = (name) => wordsOf(name).map(capital).join('');

/** `parcelDesk` */
export const camel = (name) => pascal(name).replace(/^./, (letter) => letter.toLowerCase());

/** `parcel desk` */
export const spoken = (name) => wordsOf(name).join(' ');

/** `parcel desks`, by the rules that most English nouns follow. */
export function plural(name) {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** `an order`, `a parcel desk` */
export const withArticle = (name) => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
