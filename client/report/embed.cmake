# Writes the report's files into a source: cmake -DCHARTS=bundle.js -DFOLDER=client/report -DOUT=embedded.cc -P embed.cmake
file(READ ${CHARTS} CHART_SCRIPT)
file(READ ${FOLDER}/charts/engine.js ENGINE_SCRIPT)
file(READ ${FOLDER}/page/page.js PAGE_SCRIPT)
file(READ ${FOLDER}/page/style.css PAGE_STYLE)
configure_file(${FOLDER}/embedded.cc.in ${OUT} @ONLY)
