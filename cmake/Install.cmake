# `cmake --install build/release --prefix /usr`, with DESTDIR for packages. The unit file names /usr/bin and /etc/vigie, so /usr is the only
# prefix with which the service starts as it is.
install(TARGETS vigied vigie RUNTIME DESTINATION bin)

install(FILES systemd/vigie.service DESTINATION lib/systemd/system)
install(FILES systemd/vigie.sysusers DESTINATION lib/sysusers.d RENAME vigie.conf)
install(FILES systemd/vigie.tmpfiles DESTINATION lib/tmpfiles.d RENAME vigie.conf)

install(DIRECTORY rules/ DESTINATION share/vigie/rules FILES_MATCHING PATTERN "*.yaml" PATTERN "*.test.yaml" EXCLUDE)
install(FILES systemd/vigie.yaml DESTINATION share/vigie/examples)
# A configuration that somebody has written is never replaced.
install(CODE [[
  if(EXISTS "$ENV{DESTDIR}/etc/vigie/vigie.yaml")
    message(STATUS "Kept: $ENV{DESTDIR}/etc/vigie/vigie.yaml")
  else()
    file(INSTALL "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/share/vigie/examples/vigie.yaml" DESTINATION "/etc/vigie" USE_SOURCE_PERMISSIONS)
  endif()
]])

install(FILES README.md CHANGELOG.md LICENSE DESTINATION share/doc/vigie)
install(DIRECTORY docs DESTINATION share/doc/vigie)
install(FILES man/vigie.1 DESTINATION share/man/man1)
install(FILES man/vigied.8 DESTINATION share/man/man8)
