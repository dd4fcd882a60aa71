# What `cmake --install` puts where. The program finds share/maskscope beside its own bin folder, so the
# prefix may be moved as a whole.
install(TARGETS maskscope RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/shaders ${PROJECT_SOURCE_DIR}/assets
  DESTINATION ${CMAKE_INSTALL_DATADIR}/maskscope)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
