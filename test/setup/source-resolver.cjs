/** Jest resolver: outside node_modules an import of `x.js` finds `x.ts`, as the compiler does. */
module.exports = (path, options) => {
  if (!path.endsWith('.js') || !/^\.{1,2}\//.test(path) || options.basedir.includes('node_modules')) {
    return options.defaultResolver(path, options);
  }
  try {
    return options.defaultResolver(path.replace(/\.js$/, '.ts'), options);
  } catch {
    return options.defaultResolver(path, options);
  }
};
